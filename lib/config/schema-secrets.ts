import { textLike } from './schema-names.ts';

/** The place of a secret, by its ARN: never the secret. */
export const secretArn = textLike(
  /^arn:aws[a-z-]*:(?:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}|ssm:[a-z0-9-]+:\d{12}:parameter\/[A-Za-z0-9/_.-]{1,1011})$/,
  'name the place of the secret, never the secret itself: it would stand readable in templates and in the history of this file',
  'arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>, or arn:aws:ssm:<region>:<account>:parameter/<name> (SecureString)',
);
