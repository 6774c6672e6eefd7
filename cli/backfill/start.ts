import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { INDEXED } from '../../lambdas/core/delivery/outcome.ts';
import type { Config } from '../../lib/config/load.ts';
import { endpointOf } from '../dead-letters/places.ts';
import type { Io } from '../io.ts';
import { type CallerCredentials, callerCredentials, NO_CREDENTIALS } from './credentials.ts';
import type { Work } from './estimate.ts';
import { ARCHIVE, inputOf, workOf } from './input.ts';
import { ALL_TIMES, type Options } from './options.ts';
import type { RunEnd, RunPorts } from './run.ts';
import { createSend, type Send } from './sender.ts';
import { startEvents, startFiles } from './start-runs.ts';
import type { BackfillState, Identity } from './state.ts';
import type { Subject } from './subject.ts';

/** A backfill that is ready to be estimated and run. */
export interface Prepared {
  readonly identity: Identity;
  readonly isLocal: boolean;
  readonly work: () => Promise<Work>;
  readonly send: Send;
  readonly credentials: CallerCredentials;
  readonly run: (
    state: BackfillState | undefined,
    ports: RunPorts,
    tell: (key: string, reason: string, detail: string) => void,
  ) => Promise<RunEnd>;
}

/** Finds out where everything is. Nothing is read and nothing is sent yet. */
export async function prepare(options: Options, config: Config, subject: Subject, io: Io): Promise<Prepared> {
  const endpoint =
    options.dryRun && options.endpoint === undefined
      ? 'none'
      : await endpointOf(options.endpoint === undefined ? {} : { endpoint: options.endpoint }, config, io);
  const isSigned = endpoint.startsWith('https:');
  const needsAws = isSigned || options.input === undefined || options.input === ARCHIVE || options.input.startsWith('s3://');
  const credentials = needsAws ? await callerCredentials(config.region) : NO_CREDENTIALS;
  const input = await inputOf(options, { config, subject, credentials, env: io.env });
  const range = options.range ?? ALL_TIMES;
  const title = input.kind === 'log-group' ? input.logGroup : `${input.store.title}/${input.prefix}`;
  const { bulk } = config.delivery;
  const searchCredentials = isSigned ? credentials : NO_CREDENTIALS;
  const send: Send = options.dryRun
    ? async (batches) => batches.map(({ documents }) => documents.map(() => INDEXED))
    : createSend(
        { endpoint, region: config.region, bulk, overwrite: options.overwrite, rate: options.rate },
        { credentials: searchCredentials, now: io.now, sleep },
      );
  return {
    identity: {
      ...{ source: options.source, input: title, range, endpoint, overwrite: options.overwrite },
      request: {
        isMoving: options.isMoving,
        ...(options.input === undefined ? {} : { input: options.input }),
        ...(options.logGroup === undefined ? {} : { logGroup: options.logGroup }),
      },
    },
    isLocal: input.kind === 'files' && input.isLocal,
    send,
    credentials: searchCredentials,
    work: () => workOf(input, subject, range, config.region),
    run(state, ports, tell) {
      const start = {
        input,
        range,
        config,
        checkpoint: state?.checkpoint,
        ports,
        tell,
        nowMs: io.now(),
        allowDoubles: options.allowDoubles,
      };
      return subject.kind === 'events' ? startEvents(subject, start) : startFiles(subject, start);
    },
  };
}

async function sleep(ms: number): Promise<void> {
  await pause(ms);
}

/** File of a backfill's state: the same for the same backfill. */
export function stateFile(folder: string, identity: Identity): string {
  return join(folder, `${identity.source}-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12)}.json`);
}
