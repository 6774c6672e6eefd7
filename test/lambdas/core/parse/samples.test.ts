import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupRecords } from '../../../../lambdas/core/parse/join.ts';
import { createParser, joinRule, parseOrText } from '../../../../lambdas/core/parse/registry.ts';
import type { ParsedLine } from '../../../../lambdas/core/parse/types.ts';
import { CONTEXT, documentText, objectOf, sampleLines, strictJson } from './support.ts';

const truth = JSON.parse(readFileSync(join(__dirname, '../../../../samples/truth.json'), 'utf8'));

function records(path: string, format: string): ParsedLine[] {
  const lines = sampleLines(path);
  const parse = createParser(format);
  return groupRecords(joinRule(format), lines).map(({ positions }) => {
    const text = positions.map((position) => lines[position]).join('\n');
    return parseOrText(parse, format, text, CONTEXT);
  });
}

function countBy(values: readonly (string | number | undefined)[]): { [value: string]: number } {
  const counts: { [value: string]: number } = {};
  for (const value of values) if (value !== undefined) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const LETTERS = { I: 'info', W: 'warning', E: 'error' } as const;

describe.each(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])('the recorded %s', (name) => {
  test.each(['klog', 'auto'])('has as many records and levels as plain text tools found, by format %s', (format) => {
    const all = records(`control-plane/${name}.log.gz`, format);

    expect(all.length).toBe(truth[name].klog_records);
    expect(all.map(({ format: found }) => found)).toEqual(all.map(() => 'klog'));
    const levels = Object.fromEntries(
      Object.entries(truth[name].severity as { [letter: string]: number }).map(([letter, count]) => [LETTERS[letter as 'I'], count]),
    );
    expect(countBy(all.map(({ level }) => level))).toEqual(levels);
    for (const parsed of all) strictJson(documentText(parsed));
  });

  test('keeps what its headerless lines say', () => {
    const all = records(`control-plane/${name}.log.gz`, 'klog').map(documentText);
    const holding = (text: string): number => all.filter((document) => document.includes(text)).length;

    expect(holding('mvcc: database space exceeded')).toBe(truth[name].mvcc_lines);
    expect(holding('"message":"Unable to schedule pod')).toBe(truth[name].unable_to_schedule);
    expect(all.filter((document) => document.includes('"status":"NodeNotReady"')).length).toBe(truth[name].node_not_ready);
    expect(holding('failing open')).toBe(truth[name].failing_open);
    expect(holding('failing closed')).toBe(truth[name].failing_closed);
  });
});

describe('the recorded audit log', () => {
  const all = records('control-plane/kube-apiserver-audit.log.gz', 'audit');
  const objects = all.map((parsed) => objectOf(parsed)) as {
    auditID: string;
    stage: string;
    verb: string;
    user: { username?: string };
    responseStatus?: { code?: number };
    objectRef?: { resource?: string; subresource?: string };
    event: { duration: number; outcome?: string };
  }[];

  test('gives every count of truth.json', () => {
    const { verb, stage, code, lines } = truth['kube-apiserver-audit'];

    expect(all.length).toBe(lines);
    expect(all.every(({ format, timestamp }) => format === 'audit' && timestamp !== undefined)).toBe(true);
    expect(countBy(objects.map((event) => event.verb))).toEqual(verb);
    expect(countBy(objects.map((event) => event.stage))).toEqual(stage);
    expect(countBy(objects.map((event) => event.responseStatus?.code))).toEqual(code);
    expect(new Set(objects.map(({ auditID }) => auditID)).size).toBe(truth['kube-apiserver-audit'].distinct_auditID);
    expect(objects.filter(({ objectRef }) => objectRef === undefined).length).toBe(truth['kube-apiserver-audit'].no_objectRef);
  });

  test('gives the denied requests and the pod patches by user', () => {
    const denied = new Map(
      objects.filter(({ responseStatus }) => responseStatus?.code === 403).map((event) => [event.auditID, event.user.username]),
    );
    const patches = objects.filter(
      ({ verb, stage, objectRef }) =>
        verb === 'patch' && stage === 'ResponseComplete' && objectRef?.resource === 'pods' && objectRef.subresource === undefined,
    );

    expect(countBy([...denied.values()])).toEqual(truth['kube-apiserver-audit']['403_distinct_requests_by_user']);
    expect(countBy(patches.map(({ user }) => user.username))).toEqual(
      truth['kube-apiserver-audit'].pod_patches_without_subresource_ResponseComplete_by_user,
    );
    expect(countBy(objects.map(({ user }) => user.username))).toMatchObject(truth['kube-apiserver-audit'].top_users);
  });

  test('is reused: only events with a value too long for a flat_object are written anew', () => {
    const lines = sampleLines('control-plane/kube-apiserver-audit.log.gz');
    const rewritten = all.filter((parsed, at) => !parsed.members.startsWith((lines[at] as string).slice(1, -1)));

    expect(rewritten.length).toBeLessThan(20);
    expect(rewritten.every(({ truncated }) => truncated === true)).toBe(true);
    for (const parsed of all) strictJson(documentText(parsed));
  });

  test('takes its times from the stage, and the duration from both', () => {
    expect(all[0]?.timestamp).toBe(truth['kube-apiserver-audit'].first);
    expect(objects[0]?.event).toEqual({ duration: 1_632_000, outcome: 'failure' });
  });
});

test('the recorded authenticator has its answers as fields', () => {
  const all = records('control-plane/authenticator.log.gz', 'logrus');
  const objects = all.map((parsed) => objectOf(parsed)) as {
    authenticator?: { outcome: string | null };
    event?: { outcome: string };
    message: string;
  }[];

  expect(all.length).toBe(truth.authenticator.lines);
  expect(all.filter(({ error }) => error !== undefined).length).toBe(truth.authenticator.not_logrus);
  expect(objects.filter(({ authenticator }) => authenticator?.outcome === 'granted').length).toBe(truth.authenticator.granted);
  expect(objects.filter(({ authenticator, event }) => authenticator?.outcome === 'denied' && event?.outcome === 'failure').length).toBe(
    truth.authenticator.denied,
  );
  expect(objects.filter(({ message }) => message === 'STS response').length).toBe(truth.authenticator.sts);
});
