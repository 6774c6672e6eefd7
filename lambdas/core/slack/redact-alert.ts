import type { Alert, Labels, Link } from '../alerts/alert.ts';
import type { RedactText } from './settings.ts';

/** An alert without secrets in any of its texts. A name and its value are looked at together, as `password` and `hunter2` tell nothing apart. */
export function redactAlert(alert: Alert, redact: RedactText): Alert {
  const { description, details, links, measurement, reason } = alert;
  return {
    ...alert,
    title: redact(alert.title),
    labels: redactLabels(alert.labels, redact),
    ...(reason === undefined ? {} : { reason: redact(reason) }),
    ...(description === undefined ? {} : { description: redact(description) }),
    ...(details === undefined
      ? {}
      : { details: details.map(({ name, value }) => ({ name: redact(name), value: redactPair(name, value, redact) })) }),
    ...(links === undefined ? {} : { links: redactLinks(links, redact) }),
    ...(measurement === undefined ? {} : { measurement: { ...measurement, metric: redact(measurement.metric) } }),
  };
}

/** Labels without secrets. */
export function redactLabels(labels: Labels, redact: RedactText): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [redact(name), redactPair(name, value, redact)]));
}

/** A link with a secret in it is left out: cut or changed it would lead nowhere. */
export function redactLinks(links: readonly Link[], redact: RedactText): Link[] {
  return links
    .filter(({ url }) => redact(url) === url && redact(decoded(url)) === decoded(url))
    .map((link) => (link.text === undefined ? link : { ...link, text: redact(link.text) }));
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** A value without secrets, as the member of an object that its name makes it. */
export function redactPair(name: string, value: string, redact: RedactText): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const json = JSON.stringify({ [last]: value });
  const clean = redact(json);
  if (clean !== json) {
    try {
      const found = (JSON.parse(clean) as { [name: string]: unknown })[last];
      return found === null || found === undefined ? '' : redact(String(found));
    } catch {
      return redact(value) === value ? '…' : redact(value);
    }
  }
  return redact(value);
}
