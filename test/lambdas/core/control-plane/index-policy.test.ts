import { indexPolicyStep } from '../../../../lambdas/core/control-plane/index-policy.ts';

const own = (document: object) => ({ document: JSON.stringify(document), isOwn: true });
const put = (document: object) => ({ step: 'putIndexPolicy', document: JSON.stringify(document) });

describe('the field index policy of a group', () => {
  test('is made where there is none', () => {
    expect(indexPolicyStep(undefined, ['verb'])).toEqual(put({ Fields: ['verb'] }));
  });

  test('stays as it is when it has all fields', () => {
    expect(indexPolicyStep(own({ Fields: ['verb', 'traceId'] }), ['verb'], ['verb'])).toBeUndefined();
    expect(indexPolicyStep({ document: '{"Fields":["verb"]}', isOwn: false }, ['verb'])).toBeUndefined();
  });

  test('keeps fields of others, and loses those of the deployment before', () => {
    expect(indexPolicyStep(own({ Fields: ['theirs', 'old'] }), ['verb'], ['old'])).toEqual(put({ Fields: ['verb', 'theirs'] }));
    expect(indexPolicyStep(own({ Fields: ['verb', 'old', 'theirs'] }), ['verb'], ['verb', 'old'])).toEqual(
      put({ Fields: ['verb', 'theirs'] }),
    );
  });

  test('takes over what the policy of the account indexed, which it takes the place of', () => {
    expect(indexPolicyStep({ document: '{"Fields":["requestId"]}', isOwn: false }, ['verb'])).toEqual(
      put({ Fields: ['verb', 'requestId'] }),
    );
  });

  test('keeps facets and types that somebody set up', () => {
    const document = { Fields: ['a'], FieldsV2: { verb: { type: 'FACET' } } };

    expect(indexPolicyStep(own(document), ['verb', 'b'])).toEqual(put({ Fields: ['b', 'a'], FieldsV2: { verb: { type: 'FACET' } } }));
    expect(indexPolicyStep(own(document), ['verb'])).toBeUndefined();
  });

  test('never has more than 20 fields: those of others go first', () => {
    const theirs = Array.from({ length: 20 }, (_, i) => `t${i}`);
    const step = indexPolicyStep(own({ Fields: theirs }), ['verb']) as { document: string };

    expect(JSON.parse(step.document)).toEqual({ Fields: ['verb', ...theirs.slice(0, 19)] });
  });

  test('goes when nothing is left of it', () => {
    expect(indexPolicyStep(own({ Fields: ['old'] }), [], ['old'])).toEqual({ step: 'deleteIndexPolicy' });
    expect(indexPolicyStep(undefined, [], ['old'])).toBeUndefined();
  });

  test('is written anew where it cannot be read', () => {
    expect(indexPolicyStep({ document: 'no JSON', isOwn: true }, ['verb'])).toEqual(put({ Fields: ['verb'] }));
  });
});
