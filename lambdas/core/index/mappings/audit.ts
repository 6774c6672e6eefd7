import { date, flat, keyword, long, object, type Properties, text, textAndKeyword } from './field-types.ts';

const user = object({ username: keyword, uid: keyword, groups: keyword, extra: flat });

/** Fields of Kubernetes audit events under their source names, so that one name works in Logs Insights and here. */
export const AUDIT: Properties = {
  kind: keyword,
  apiVersion: keyword,
  level: keyword,
  auditID: keyword,
  stage: keyword,
  requestURI: keyword,
  verb: keyword,
  user,
  impersonatedUser: user,
  authenticationMetadata: flat,
  sourceIPs: keyword,
  userAgent: keyword,
  objectRef: object({
    resource: keyword,
    namespace: keyword,
    name: keyword,
    uid: keyword,
    apiGroup: keyword,
    apiVersion: keyword,
    resourceVersion: keyword,
    subresource: keyword,
  }),
  responseStatus: object({ metadata: flat, status: keyword, message: textAndKeyword, reason: keyword, details: flat, code: long }),
  requestObject: flat,
  responseObject: flat,
  requestReceivedTimestamp: date,
  stageTimestamp: date,
  annotations: flat,
  url: object({ path: keyword, query: keyword }),
  authorization: object({ decision: keyword, reason: text }),
  /** Members that Kubernetes does not know, and known ones of a wrong kind. */
  other: flat,
};
