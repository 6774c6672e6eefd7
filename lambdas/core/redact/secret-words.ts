import type { BuiltinRule } from './rule-names.ts';

/** Ends of names whose value is a secret, whatever stands before them: `DB_PASSWORD`, `clientSecret`, `x-api-key`. Case does not matter. */
const SECRET_WORDS =
  'pass(?:word|wd|phrase)s?|[_-]pass|pwds?|secrets?|tokens?|credentials?|(?:api|access|secret|private|signing|encryption|shared|account|master)[_-]?keys?(?:[_-]?ids?)?|docker(?:configjson|cfg)';

const NAME_END = new RegExp(`(?:${SECRET_WORDS})\\d*$`, 'i');
const ACCESS_KEY_ID = /access[_-]?keys?[_-]?ids?$/i;
const AWS_SECRET = /(?:secret[_-]?access[_-]?key|aws[_-]?session[_-]?token|security[_-]?token)$/i;
const WEAK = /(?:secret|token|credential)s?$/i;
const SEVERAL = /(?:word|wd|phrase|secret|token|credential|key|id)s$/i;
const HEADER = /authorization$/i;
const COOKIE = /(?:^|[._-]|set|session|auth|http)cookies?$/i;

/** What a name says of its value. */
export interface SecretName {
  readonly rule: BuiltinRule;
  /** Prose uses the word too (`unexpected token: foo`, `secret: not found`): without quotes or `=` its value must look like a secret. */
  readonly isWeak: boolean;
  /** A name of several: `tokens` is as often a number of them (`max_tokens`) as a list. */
  readonly isPlural: boolean;
  /** The value may be the name of a Secret: `secret="namespace/name"`, `"imagePullSecrets":["registry"]`. */
  readonly namesObjects: boolean;
  /** `PWD` is a directory in every environment. */
  readonly mayBePath: boolean;
}

/** Names come again and again. The bound keeps a sender of ever new names from filling the memory. */
const MAX_KNOWN = 1_000;
const known = new Map<string, SecretName | undefined>();

/** What the name of a member, variable, header, element or flag says of its value; undefined where that may be read. */
export function secretName(name: string): SecretName | undefined {
  let answer = known.get(name);
  if (answer !== undefined || known.has(name)) return answer;
  const rule = ruleOf(name);
  answer =
    rule === undefined
      ? undefined
      : {
          rule,
          isWeak: WEAK.test(name),
          isPlural: SEVERAL.test(name),
          namesObjects: /secrets?$/i.test(name),
          mayBePath: /pwd$/i.test(name),
        };
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(flat(name), answer);
  return answer;
}

/** The same text by itself: a name is a slice, which would keep all of the text it was cut from. */
function flat(name: string): string {
  return name.split('').join('');
}

function ruleOf(name: string): BuiltinRule | undefined {
  if (HEADER.test(name)) return 'authorizationHeader';
  if (COOKIE.test(name)) return 'cookie';
  if (!NAME_END.test(name)) return undefined;
  if (ACCESS_KEY_ID.test(name)) return 'awsAccessKeyId';
  return AWS_SECRET.test(name) ? 'awsSecretAccessKey' : 'passwordAssignment';
}

/** `namespace/name` of an object. */
export function isObjectReference(value: string): boolean {
  return /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(value);
}

/** A name that Kubernetes allows for an object. */
export function isObjectName(value: string): boolean {
  return value.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(value);
}

/** Letters and digits mixed, as no word of a language has them. */
export function looksRandom(word: string): boolean {
  if (word.length < 8 || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  return word.length >= 12 || (/[a-z]/.test(word) && /[A-Z]/.test(word));
}
