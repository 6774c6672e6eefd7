// Cuts what our manifests use out of the Kubernetes OpenAPI schema, for test/collector/kubernetes: `node scripts/write-kubernetes-schema.ts FILE VERSION`, where
// FILE is kubernetes-json-schema/v<VERSION>.0-local-strict/_definitions.json of the Python package kubernetes-validate (Apache-2.0, like Kubernetes' own text).
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const KINDS = [
  'api.core.v1.Namespace',
  'api.core.v1.ServiceAccount',
  'api.core.v1.ConfigMap',
  'api.rbac.v1.ClusterRole',
  'api.rbac.v1.ClusterRoleBinding',
  'api.apps.v1.DaemonSet',
  'api.apps.v1.Deployment',
] as const;

const [file, version] = process.argv.slice(2);
if (file === undefined || version === undefined) throw new Error('usage: write-kubernetes-schema.ts FILE VERSION');
const { $defs } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: { [name: string]: unknown } };
const kept: { [name: string]: unknown } = {};

/** Definitions by name, everything that they refer to, without descriptions. */
function keep(name: string): void {
  if (kept[name] !== undefined) return;
  const text = JSON.stringify($defs[name], (key, value: unknown) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
  if (text === undefined) throw new Error(`no definition ${name}`);
  kept[name] = JSON.parse(text.replaceAll(/"\$ref":"[^"]*\/(io\.[^"/]+)"/g, '"$$ref":"#/$$defs/$1"'));
  for (const [, other] of text.matchAll(/"\$ref":"[^"]*\/(io\.[^"/]+)"/g)) if (other !== undefined) keep(other);
}

for (const kind of KINDS) keep(`io.k8s.${kind}`);
const sorted = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));
const target = join(resolve(import.meta.dirname, '..'), `test/collector/kubernetes/kubernetes-${version}.schema.json`);
writeFileSync(target, `${JSON.stringify({ $comment: `Kubernetes ${version}, strict: unknown members are refused`, $defs: sorted })}\n`);
