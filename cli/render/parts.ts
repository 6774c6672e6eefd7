import type { RenderPart } from './part.ts';

/** A part by its name; loaded when it is asked for. */
export const PARTS: { readonly [name: string]: () => Promise<RenderPart> } = {
  'fluent-bit': async () => (await import('./fluent-bit.ts')).part,
};

/** Parts that the command knows by name and that come later. */
export const LATER: readonly string[] = ['manifests', 'helm-values', 'prometheus', 'alertmanager'];
