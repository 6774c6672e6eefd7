import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, freePort, waitFor } from '../../bench/fluent-bit/agent.ts';
import { AwsRecorder } from '../../bench/fluent-bit/aws-recorder.ts';
import { type ClusterEvent, Kubernetes } from '../../bench/fluent-bit/kubernetes.ts';
import { renderFluentBit } from '../../collector/fluent-bit.ts';
import type { FluentBitTarget, RenderedFile } from '../../collector/types.ts';
import type { Config } from '../../lib/config/load.ts';
import { clusterOf } from '../collector/configs.ts';

/** A node of a test with everything that its agent talks to. */
export interface World {
  readonly agent: Agent;
  readonly aws: AwsRecorder;
  readonly kubernetes: Kubernetes;
}

/** What a node has besides containers' files. */
export interface WorldOptions {
  readonly pods?: readonly object[];
  readonly events?: readonly ClusterEvent[];
  readonly target?: FluentBitTarget;
  /** Port of a Kafka broker, which the body of the world starts. */
  readonly kafka?: number;
  /** Changes the rendered files before they are installed; `folder` is the one that stands for `/`. */
  readonly change?: (files: readonly RenderedFile[], folder: string) => readonly RenderedFile[];
}

/** A container's id of one digit. */
export const id = (digit: string): string => digit.repeat(64);

/** Name of a container's file. */
export const fileName = (pod: string, namespace: string, container: string, digit: string): string =>
  `${pod}_${namespace}_${container}-${id(digit)}.log`;

/** Lines in the runtime's framing, a millisecond apart, with nanoseconds of their own. */
export function cri(lines: readonly string[], stream = 'stdout'): string {
  const start = Date.UTC(2026, 10, 21, 8, 30);
  return lines
    .map(
      (line, index) =>
        `${new Date(start + index).toISOString().slice(0, -1)}${String((index * 7919) % 1_000_000).padStart(6, '0')}Z ${stream} F ${line}\n`,
    )
    .join('');
}

/** Runs an agent with a config on these containers' files, until a condition holds and for a moment longer, in which doubles would come; all is closed then. */
export async function runWith(
  config: Config,
  files: { readonly [name: string]: string },
  options: WorldOptions,
  isComplete: (world: World) => boolean,
): Promise<World> {
  return inWorld(config, options, async (world) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(world.agent.containers, name), text);
    await world.agent.start();
    await waitFor(() => isComplete(world), 15_000);
    await waitFor(() => false, 1500);
    await world.agent.stop();
  });
}

/** Builds a world with an installed agent that has not started, runs a body in it, and closes everything. */
export async function inWorld(config: Config, options: WorldOptions, body: (world: World) => Promise<void>): Promise<World> {
  const agent = new Agent();
  const aws = new AwsRecorder(agent.folder);
  const kubernetes = new Kubernetes(aws.certificate, aws.key, options.pods ?? [], options.events ?? []);
  const world = { agent, aws, kubernetes };
  try {
    const ports = { aws: await aws.start(), certificate: aws.certificate, http: await freePort(), kubernetes: await kubernetes.start() };
    const rendered = renderFluentBit(config, clusterOf(config), options.target ?? 'daemonset');
    agent.install(
      options.change?.(rendered, agent.folder) ?? rendered,
      options.kafka === undefined ? ports : { ...ports, kafka: options.kafka },
    );
    await body(world);
  } finally {
    await agent.stop('SIGKILL');
    await aws.stop();
    await kubernetes.stop();
    agent.remove();
  }
  return world;
}

/** A record that came to CloudWatch. */
export interface Message {
  readonly [name: string]: unknown;
  readonly log?: string;
  readonly kubernetes?: { readonly [name: string]: unknown };
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[] }[];
  };
}

/** Records of log streams whose name holds a text. */
export const messages = ({ aws }: World, part: string): Message[] =>
  aws.events.filter(({ stream }) => stream.includes(part)).map(({ message }) => JSON.parse(message) as Message);
