import type { RenderPart } from './part.ts';

/** A part by its name; loaded when it is asked for. */
export const PARTS: { readonly [name: string]: () => Promise<RenderPart> } = {
  'fluent-bit': async () => (await import('./fluent-bit.ts')).part,
  manifests: async () => (await import('./manifests.ts')).part,
  'helm-values': async () => (await import('./helm-values.ts')).part,
};

/** Parts that the command knows by name and that come later. */
export const LATER: readonly string[] = ['prometheus', 'alertmanager'];
