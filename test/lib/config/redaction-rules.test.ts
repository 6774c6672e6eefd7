import { redactionRules } from '../../../lib/config/redaction-rules.ts';

test.each([
  ['user.extra.accessKeyId', true, 'an audit event is copied under its own names'],
  ['requestObject.data', true, 'what the API server got is copied too'],
  ['json.customer.email', true, 'the members of a JSON line are copied'],
  ['message', false, 'written of msg, log or event'],
  ['source.ip', false, 'written of an access log'],
  ['url.query', false, 'written of requestURI'],
  ['customer.email', false, 'a field that an application declares, perhaps of a named group'],
  ['*.token', false, 'any of them'],
])('a search of the line finds %s: %s (%s)', (field, isCopied) => {
  const { fields, copiedFields } = redactionRules({ builtin: [], fields: [field], patterns: [] });

  expect(fields).toEqual([field]);
  expect(copiedFields).toEqual(isCopied ? [field] : []);
});
