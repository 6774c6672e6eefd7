// `npm start`: the whole pipeline on this machine. Wiring only: options, signals, output.
import { join, resolve } from 'node:path';
import { showAthena } from './queries/athena-run.ts';
import { reportText } from './report/text.ts';
import { parseOptions, USAGE } from './run/options.ts';
import { Progress } from './run/progress.ts';
import { LocalRun } from './run/run.ts';
import { openState } from './run/state.ts';
import { watchInputs } from './run/watch.ts';
import { serveWeb } from './web/server.ts';

/** How long the end may take before it is forced, ms: the engine closes its files in order. */
const STOP_PATIENCE_MS = 20_000;

async function main(args: string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`npm start: ${parsed.problem}\n\n${USAGE}`);
    return 2;
  }
  const { options } = parsed;
  const root = resolve(import.meta.dirname, '..');
  const state = openState(root);
  const progress = new Progress(process.stderr, process.stderr.isTTY === true, () => performance.now());
  const run = new LocalRun(options, { root, paths: state.paths, env: process.env, onStatus: (status) => progress.show(status) });
  const closers: (() => Promise<void>)[] = [() => run.stop()];
  const end = async (): Promise<void> => {
    await Promise.allSettled(closers.splice(0).map((close) => close()));
    state.release();
  };
  let signalled: NodeJS.Signals | undefined;
  const ended = new Promise<void>((resolveEnded) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (signalled) process.exit(1);
        signalled = signal;
        process.stderr.write('\nending: functions, engine, servers\n');
        setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
        resolveEnded();
        void run.stop();
      });
    }
  });
  try {
    const web = await serveWeb(run, state.paths, options.port);
    closers.push(() => web.close());
    if (!options.once) process.stderr.write(`page: ${web.url}\n`);
    const report = await run.execute();
    progress.end();
    process.stdout.write(reportText(report, state.paths.report));
    if (options.athena === true) {
      const interrupt = new AbortController();
      void ended.then(() => interrupt.abort());
      await showAthena({
        assembly: run.wired?.synthesized.directory ?? join(state.paths.base, 'cdk.out'),
        buckets: options.archive === undefined ? state.paths.buckets : resolve(root, options.archive),
        folder: options.archive ?? join('.eks-telemetry', 'local', 'buckets'),
        config: options.config,
        out: process.stdout,
        onProgress: (step) => process.stderr.write(step === '' ? '' : `${step}\n`),
        signal: interrupt.signal,
      });
    }
    if (options.once) return report.ok ? 0 : 1;
    process.stdout.write(`page:    ${web.url}\n\nCtrl-C ends it.\n`);
    const watcher = watchInputs(
      run,
      options.input.map((file) => resolve(root, file)),
    );
    closers.push(() => watcher.stop());
    const broken = await Promise.race([ended, run.broken]);
    if (broken && !signalled) throw broken;
    return report.ok ? 0 : 1;
  } catch (error) {
    progress.end();
    if (signalled) return 1;
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env['DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 1;
  } finally {
    await end();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
