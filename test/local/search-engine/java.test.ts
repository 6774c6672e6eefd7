import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJavas, type Java, majorOf } from '../../../local/search-engine/java.ts';
import { chooseRunner } from '../../../local/search-engine/runner.ts';

test.each([
  ['25.0.3', 25],
  ['17.0.15', 17],
  ['21', 21],
  ['1.8.0_402', 8],
  ['', undefined],
  ['early-access', undefined],
])('the feature release of %j is %p', (version, major) => {
  expect(majorOf(version)).toBe(major);
});

describe('which OpenSearch runs', () => {
  const java = (major: number, home = `/java/${major}`): Java => ({ program: `${home}/bin/java`, home, major });

  test.each<[string, Java[], string | undefined, number | undefined]>([
    ['3.5 on Java 25', [java(25)], '3.5.0.0', 25],
    ['3.5 on the first Java from 21, although an older one comes first', [java(17), java(21), java(25)], '3.5.0.0', 21],
    ['2.19 on Java 17', [java(17)], '2.19.1.0', 17],
    ['2.19 on Java 11', [java(8), java(11)], '2.19.1.0', 11],
    ['none on Java 8', [java(8)], undefined, undefined],
    ['none without a Java', [], undefined, undefined],
  ])('%s', (_name, javas, version, major) => {
    const chosen = chooseRunner(javas);
    expect(chosen?.runner.version).toBe(version);
    expect(chosen?.java.major).toBe(major);
  });

  test.each<[string, string | undefined]>([
    ['2', '2.19.1.0'],
    ['2.19', '2.19.1.0'],
    ['3', '3.5.0.0'],
    ['2.1', undefined],
  ])('where version %s is asked for, no other is taken', (version, expected) => {
    expect(chooseRunner([java(25), java(17)], version)?.runner.version).toBe(expected);
    expect(chooseRunner([java(8)], version)).toBeUndefined();
  });
});

describe('finding Javas', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-java-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(name: string, release: string | undefined, printed = ''): string {
    const home = join(folder, name);
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin/java'), `#!/bin/sh\necho 'openjdk version "${printed}"' >&2\n`);
    chmodSync(join(home, 'bin/java'), 0o755);
    if (release !== undefined) writeFileSync(join(home, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${release}"\n`);
    return home;
  }

  test('JAVA_HOME comes before PATH, and a home that both name is found once', async () => {
    const first = install('a', '21.0.1');
    const second = install('b', '17.0.1');

    const javas = await findJavas({ JAVA_HOME: second, PATH: `${join(first, 'bin')}:${join(second, 'bin')}` });

    expect(javas.slice(0, 2).map(({ home, major }) => ({ home, major }))).toEqual([
      { home: second, major: 17 },
      { home: first, major: 21 },
    ]);
    expect(javas.filter(({ home }) => home === second)).toHaveLength(1);
  });

  test('a Java without a release file is asked', async () => {
    const home = install('c', undefined, '11.0.2');

    expect((await findJavas({ JAVA_HOME: home, PATH: '' }))[0]).toMatchObject({ home, major: 11 });
  });

  test('a JAVA_HOME without a Java is passed over', async () => {
    const javas = await findJavas({ JAVA_HOME: join(folder, 'nothing'), PATH: '' });

    expect(javas.some(({ home }) => home.startsWith(folder))).toBe(false);
  });
});
