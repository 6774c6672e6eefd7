import type { Language } from '../slack/texts.ts';
import type { ChatTexts } from './text-shape.ts';
import { EN } from './texts-en.ts';
import { KO } from './texts-ko.ts';

/** The words of each language. */
export const CHAT_TEXTS: { readonly [language in Language]: ChatTexts } = { en: EN, ko: KO };
