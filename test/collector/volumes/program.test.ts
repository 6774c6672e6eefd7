import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPodCredentials } from '../../../collector/volumes/program/pod-credentials.ts';
import { type RoundPorts, runRound } from '../../../collector/volumes/program/round.ts';
import { VOLUME_PROGRAM } from '../../../collector/volumes/program-text.ts';
import { volumeProgramModule } from '../../../scripts/volume-program.ts';

const SETTINGS = { clusterName: 'prod', logGroup: '/aws/containerinsights/prod/performance', thresholdPercent: 70 };
const NODES = [
  { name: 'a', address: '10.0.1.1' },
  { name: 'b', address: '10.0.1.2' },
];
const summaryOf = (claim: string) => ({
  pods: [{ volume: [{ pvcRef: { name: claim, namespace: 'shop' }, usedBytes: 80, capacityBytes: 100 }] }],
});

describe('a round', () => {
  let sent: { group: string; stream: string; texts: string[] }[];
  const ports = (changes: Partial<RoundPorts['cluster']> = {}, failure?: string): RoundPorts => ({
    cluster: { nodes: async () => NODES, summary: async ({ name }) => summaryOf(`data-${name}`), ...changes },
    put: async (group, stream, lines) => {
      sent.push({ group, stream, texts: lines.map(({ text }) => text) });
      return failure;
    },
    now: () => 1_763_700_000_000,
  });
  beforeEach(() => {
    sent = [];
  });

  test('puts one event per claim into the performance group', async () => {
    expect(await runRound(SETTINGS, ports())).toEqual({ nodes: 2, volumes: 2, failures: [] });
    expect(sent.map(({ group, stream }) => [group, stream])).toEqual([[SETTINGS.logGroup, 'volume-usage']]);
    expect(sent[0]?.texts.map((text) => JSON.parse(text).PersistentVolumeClaimName)).toEqual(['data-a', 'data-b']);
  });

  test('goes on without a kubelet that does not answer, and names it', async () => {
    const summary: RoundPorts['cluster']['summary'] = async ({ name }) => {
      if (name === 'a') throw new Error('no answer');
      return summaryOf('data-b');
    };
    expect(await runRound(SETTINGS, ports({ summary }))).toEqual({ nodes: 2, volumes: 1, failures: ['a: no answer'] });
  });

  test('fails where no kubelet answers, so that the probe sees it', async () => {
    const summary = () => Promise.reject(new Error('HTTP 403'));
    await expect(runRound(SETTINGS, ports({ summary }))).rejects.toThrow('no kubelet answered; the first: a: HTTP 403');
    expect(sent).toEqual([]);
  });

  test('fails where CloudWatch refuses', async () => {
    await expect(runRound(SETTINGS, ports({}, 'PutLogEvents: HTTP 400 AccessDeniedException'))).rejects.toThrow('AccessDenied');
  });

  test('sends nothing of a cluster without claims', async () => {
    expect(await runRound(SETTINGS, ports({ summary: async () => ({ pods: [] }) }))).toEqual({ nodes: 2, volumes: 0, failures: [] });
    expect(sent).toEqual([]);
  });
});

describe('credentials of a pod', () => {
  const NOW = 1_763_700_000_000;
  let folder: string;
  let server: Server;
  let asked: (string | undefined)[];
  let env: { [name: string]: string };
  beforeAll((done) => {
    folder = mkdtempSync(join(tmpdir(), 'pod-identity-'));
    writeFileSync(join(folder, 'token'), 'token-of-the-pod\n');
    server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      const Expiration = new Date(NOW + 3_600_000).toISOString();
      response.end(JSON.stringify({ AccessKeyId: 'AKID', SecretAccessKey: 'key', Token: 'session', Expiration }));
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      env = {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'token'),
      };
      done();
    });
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll((done) => {
    rmSync(folder, { recursive: true });
    server.close(done);
  });

  test('come from the agent for the token that EKS mounts, and are held until five minutes before their end', async () => {
    let nowMs = NOW;
    const credentials = createPodCredentials(env, () => nowMs);
    expect(credentials.current()).toBeUndefined();
    expect(await credentials.refresh()).toEqual({ accessKeyId: 'AKID', secretAccessKey: 'key', sessionToken: 'session' });
    nowMs = NOW + 3_299_000;
    await credentials.refresh();
    expect(asked).toEqual(['token-of-the-pod']);
    nowMs = NOW + 3_300_000;
    await credentials.refresh();
    expect(asked).toHaveLength(2);
    expect(credentials.current()).toBeDefined();
  });

  test('are missing in a pod that began before its association, which says so', async () => {
    await expect(createPodCredentials({}, () => NOW).refresh()).rejects.toThrow('Pod Identity association');
  });
});

test('the text in the manifests is the program as it is now: npm run volume-program', () => {
  const lines = volumeProgramModule(process.cwd());
  for (const line of VOLUME_PROGRAM.trimEnd().split('\n')) expect(lines).toContain(JSON.stringify(line));
  expect(lines.split('\n').filter((line) => line.startsWith('  "')).length).toBe(VOLUME_PROGRAM.trimEnd().split('\n').length);
});
