import { parseConf } from '../../../collector/conf/parse.ts';
import { allValues, firstValue, pluginOf } from '../../../collector/conf/section.ts';
import { MAX_FARGATE_CHARS } from '../../../collector/fluent-bit/fargate.ts';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { fargateChars } from '../../../collector/kubernetes/namespace.ts';
import { configWith } from '../../lib/config/texts.ts';
import { clusterOf, FULL } from '../configs.ts';

const config = configWith({ collection: { fargate: true, excludeNamespaces: ['kube-public', 'team-b'] } });
const files = renderFluentBit(config, clusterOf(config), 'fargate');
const { sections, errors } = parseConf(files);

/** Plugins that the user guide of EKS allows. */
const ALLOWED = new Set([
  'grep',
  'parser',
  'record_modifier',
  'rewrite_tag',
  'throttle',
  'nest',
  'modify',
  'kubernetes',
  'cloudwatch_logs',
]);

test('only the keys that EKS reads, and only the sections that belong there', () => {
  expect(errors).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(['filters.conf', 'output.conf']);
  expect(new Set(sections.map(({ file, name }) => `${file} ${name}`))).toEqual(new Set(['filters.conf FILTER', 'output.conf OUTPUT']));
});

test('each section has Name and Match, an allowed plugin, and no variable', () => {
  for (const section of sections) {
    expect(ALLOWED).toContain(pluginOf(section));
    expect(firstValue(section, 'Match')).toBe('kube.*');
  }
  for (const { text } of files) expect(text).not.toContain('${');
});

test('no comment takes room, whatever the config says', () => {
  for (const { text } of renderFluentBit(FULL, clusterOf(FULL), 'fargate')) expect(text).not.toMatch(/^\s*#/m);
});

test('our own namespace and those that are left out on nodes are left out here', () => {
  const [grep] = sections.filter((section) => pluginOf(section) === 'grep');

  expect(grep && allValues(grep, 'Exclude')).toEqual(["$kubernetes['namespace_name'] ^(?:amazon-cloudwatch|kube-public|team-b)$"]);
});

test('a cluster with the longest name has room for dozens of namespaces', () => {
  const long = { ...clusterOf(config), name: 'x'.repeat(100) };

  expect(fargateChars({ config, cluster: long })).toBeLessThan(MAX_FARGATE_CHARS / 4);
});
