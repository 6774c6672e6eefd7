import type { Notice } from '../alerts/chat.ts';
import type { MessageSettings } from '../slack/settings.ts';
import { incidentsOf } from './incident.ts';
import { opsgenieRequest } from './opsgenie.ts';
import { pagerDutyEvent } from './pagerduty.ts';

/** Pagers that are told, besides Slack. */
export const PAGERS = ['pagerduty', 'opsgenie'] as const;
export type Pager = (typeof PAGERS)[number];

/** Where a pager answers: of two data centres, or `jsm` for Opsgenie's alerts in Jira Service Management. */
export const PAGER_SITES = ['us', 'eu', 'jsm'] as const;
export type PagerSite = (typeof PAGER_SITES)[number];

/** A request to a pager, without its key. */
export interface PagerRequest {
  /** Below the API's address. */
  readonly path: string;
  readonly body: object;
}

/** What a pager is sent for a notice, in this order. */
export function renderPager(pager: Pager, notice: Notice, settings: MessageSettings): PagerRequest[] {
  const incidents = incidentsOf(notice, settings);
  if (pager === 'pagerduty') return incidents.map((incident) => ({ path: '/v2/enqueue', body: pagerDutyEvent(incident) }));
  return incidents.map(opsgenieRequest).map(({ body, path }) => ({ path: `/v2/alerts${path}`, body }));
}

const ADDRESSES: { readonly [pager in Pager]: { readonly [site in PagerSite]?: string } } = {
  pagerduty: { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' },
  opsgenie: { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com', jsm: 'https://api.atlassian.com/jsm/ops/integration' },
};

/** Address of a pager's API; undefined where the pager has no such site. */
export function pagerAddress(pager: Pager, site: PagerSite): string | undefined {
  return ADDRESSES[pager][site];
}
