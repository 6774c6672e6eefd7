import { EN } from './texts-en.ts';
import { KO } from './texts-ko.ts';
import type { Texts } from './texts-shape.ts';

export type { Texts };

/** Languages that messages are written in. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words of each language. */
export const TEXTS: { readonly [language in Language]: Texts } = { en: EN, ko: KO };
