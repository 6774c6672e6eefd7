import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BulkBatch } from '../../../lambdas/core/index/types.ts';
import { type Batch, batches } from '../../../local/feed/batcher.ts';
import { containerSource } from '../../../local/feed/sources.ts';
import { APPLICATION, application, documents, NOW, RULES, run } from '../../lambdas/core/index/transform-support.ts';

const SAMPLES = join(__dirname, '../../../samples');
const file = readdirSync(join(SAMPLES, 'containers')).find((name) => name.startsWith('cdro-server')) as string;
const truth = JSON.parse(readFileSync(join(SAMPLES, 'truth.json'), 'utf8'))[file.replace(/\.gz$/, '')] as { readonly records: number };

const rules = {
  ...RULES,
  applications: [application({ name: 'checkout', match: { container: 'server' }, format: 'pipe' })],
};
const deliver = (events: Batch['events'], first: number): BulkBatch =>
  run({ logGroup: APPLICATION, logStream: 'node', events: events.map((event, at) => ({ id: `id${first + at}`, ...event })) }, rules, NOW);

test('batches of an agent begin inside of records; without what is marked as a rest there are as many documents as records', async () => {
  const all: { continuation?: boolean; format: string }[] = [];
  let sent = 0;
  let count = 0;
  for await (const { events } of batches(containerSource(join(SAMPLES, 'containers', file), APPLICATION).events())) {
    all.push(...documents(deliver(events, sent)).map(({ document }) => document['parse'] as { format: string }));
    sent += events.length;
    count++;
  }

  const rests = all.filter(({ continuation }) => continuation === true);
  expect(all.length - rests.length).toBe(truth.records);
  expect(rests).toHaveLength(3);
  expect(count).toBe(4);
});
