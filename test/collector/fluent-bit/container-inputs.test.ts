import { parseConf } from '../../../collector/conf/parse.ts';
import { allValues, firstValue, pluginOf } from '../../../collector/conf/section.ts';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { matchesWildcard } from '../../../lambdas/core/rules/wildcard.ts';
import { configWith } from '../../lib/config/texts.ts';
import { clusterOf } from '../configs.ts';

const ID = 'a'.repeat(64);
const FILES = [
  `web-1_shop_web-${ID}.log`,
  `web-1_shop_web-proxy-${ID}.log`,
  `cart_shop-eu_main-${ID}.log`,
  `coredns-x_kube-system_coredns-${ID}.log`,
  `aws-node-x_kube-system_aws-node-${ID}.log`,
  `kube-proxy-x_kube-system_kube-proxy-${ID}.log`,
  `aws-node-x_shop_fake-${ID}.log`,
  `agent_amazon-cloudwatch_fluent-bit-${ID}.log`,
  `x_left-out_main-${ID}.log`,
].flatMap((name) => [`/var/log/containers/${name}`, `/var/fluent-bit/state/${name}`]);

/** Aliases of the inputs that read a file, as glob reads their patterns: `?` is one character. */
function readersOf(file: string, applications: readonly object[]): string[] {
  const config = configWith({ applications, collection: { excludeNamespaces: ['left-out'] } });
  const { sections } = parseConf(renderFluentBit(config, clusterOf(config), 'daemonset'));
  const fits = (list: string) => list.split(', ').some((pattern) => matchesWildcard(pattern.replace('?'.repeat(64), ID), file));
  return sections
    .filter((section) => pluginOf(section) === 'tail')
    .filter((section) => allValues(section, 'Path').some(fits) && !allValues(section, 'Exclude_Path').some(fits))
    .map((section) => firstValue(section, 'Alias') ?? '');
}

const app = (match: object) => [{ name: 'mine', match, collect: { multiline: 'java' } }];

test.each<[string, object]>([
  ['a namespace', { namespace: 'shop' }],
  ['a container', { namespace: 'shop', container: 'web' }],
  ['a container of any namespace', { container: 'web' }],
  ['a pattern of namespaces', { namespace: 'shop*' }],
  ['namespaces that hold our own', { namespace: 'a*' }],
  ['namespaces that hold one that is left out', { namespace: 'left*' }],
  ['kube-system', { namespace: 'kube-system' }],
  ['pods of the data plane', { namespace: 'kube-system', pod: 'aws-node-*' }],
])('whatever an application’s match is, %s, no file is read twice or by an input that must not', (_name, match) => {
  for (const file of FILES) {
    const readers = readersOf(file, app(match));
    const isData = /_kube-system_(?:aws-node|kube-proxy)-/.test(file);
    const isOut = /_(?:amazon-cloudwatch|left-out)_/.test(file);

    expect([file, readers.length]).toEqual([file, isOut ? 0 : 1]);
    if (isData) expect(readers).toEqual(['in-dataplane-pods']);
  }
});

test('a container whose name goes on is another one', () => {
  expect(FILES.filter((file) => readersOf(file, app({ namespace: 'shop', container: 'web' })).includes('in-mine'))).toEqual([
    FILES[0],
    FILES[1],
  ]);
});
