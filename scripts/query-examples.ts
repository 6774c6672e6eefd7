// What docs/queries.md needs to show an answer where the samples alone give none: values of parameters without a default, and lines of rare events.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Values for parameters that have no default, by query. */
export const EXAMPLE_VALUES: { readonly [query: string]: { readonly [parameter: string]: string } } = {
  'applications/latest-lines': { namespace: 'prod-web', pod: 'orders' },
  'applications/lines-with-text': { text: 'panic' },
  'events/events-of-object': { name: 'report-0' },
};

/** Lines of a log that the recording has none of. */
export interface ExampleLines {
  /** Name of the file, which is that of the log stream. */
  readonly file: string;
  /** Where the lines come from, as a sentence goes on behind "On". */
  readonly origin: string;
  readonly lines: (root: string) => readonly string[];
}

const WAITED = '"Waited before sending request"';
const REASON = 'reason="client-side throttling, not priority and fairness"';
const PODS = 'verb="POST" URL="https://192.0.2.10:443/api/v1/namespaces/team-a/pods"';

/** By query. */
export const EXAMPLE_LINES: { readonly [query: string]: ExampleLines } = {
  'control-plane/client-side-throttling': {
    file: 'kube-controller-manager-0123.log',
    origin: 'three lines written in the forms that client-go had before and has since Kubernetes 1.32',
    lines: () => [
      'I1121 08:23:40.100000   26518 request.go:629] Waited for 1.037997549s due to client-side throttling, not priority and fairness, request: GET:https://192.0.2.10:443/apis/batch/v1/namespaces/team-a/jobs?limit=500',
      `I1121 08:23:41.200000   26518 request.go:752] ${WAITED} delay="1.200875613s" ${REASON} ${PODS}`,
      `I1121 08:23:42.300000   26518 request.go:752] ${WAITED} delay="2.5s" ${REASON} ${PODS}`,
    ],
  },
  'control-plane/throttled-clients': {
    file: 'kube-apiserver-audit-0123.log',
    origin: "bob's lists of services in the samples, with the answer that a busy API server gives instead",
    lines: (root) =>
      gunzipSync(readFileSync(join(root, 'samples/control-plane/kube-apiserver-audit.log.gz')))
        .toString('utf8')
        .split('\n')
        .filter((line) => line.includes('"username":"bob"') && line.includes('"verb":"list"') && line.includes('"resource":"services"'))
        .map((line) =>
          JSON.stringify({
            ...JSON.parse(line),
            responseStatus: { metadata: {}, status: 'Failure', reason: 'TooManyRequests', code: 429 },
          }),
        ),
  },
};
