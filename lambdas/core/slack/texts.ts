import type { Link, Severity } from '../alerts/alert.ts';

/** Languages that messages are written in. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** All words of ours in a message. */
export interface Texts {
  readonly states: {
    readonly firing: string;
    readonly resolved: string;
    readonly blind: string;
    readonly event: string;
    readonly storm: string;
    readonly waiting: string;
    readonly decided: string;
  };
  readonly approval: {
    readonly approve: string;
    readonly reject: string;
    readonly ask: (what: string) => string;
    readonly cancel: string;
  };
  readonly severities: { readonly [severity in Severity]: string };
  readonly units: { readonly day: string; readonly hour: string; readonly minute: string; readonly second: string };
  readonly fields: {
    readonly since: string;
    readonly firingFor: string;
    readonly from: string;
    readonly at: string;
    readonly value: string;
    readonly condition: string;
    readonly measured: string;
    readonly owner: string;
    readonly lastLines: string;
    readonly sent: string;
  };
  readonly labels: { readonly [label: string]: string };
  readonly buttons: { readonly [kind in Link['kind']]: string };
  readonly silence: (duration: string) => string;
  readonly outside: string;
  readonly forDuration: (duration: string) => string;
  readonly afterDuration: (duration: string) => string;
  readonly ofCount: (some: number, all: number) => string;
  readonly more: (count: number) => string;
  readonly alerts: (count: number) => string;
  readonly newAlerts: (count: number) => string;
  readonly resolvedAlerts: (count: number) => string;
  readonly storm: (count: number) => string;
  readonly stillFiring: (count: number, duration: string) => string;
  readonly stillWaiting: (duration: string) => string;
  readonly muted: (count: number) => string;
  readonly allResolved: string;
  readonly blindNote: string;
  readonly noLines: string;
}

const en: Texts = {
  states: {
    firing: 'Firing',
    resolved: 'Resolved',
    blind: 'No data',
    event: 'Event',
    storm: 'Many alarms',
    waiting: 'Waiting',
    decided: 'Decided',
  },
  approval: {
    approve: 'Approve',
    reject: 'Reject',
    ask: (what) => `${what}: your name is written down with the decision.`,
    cancel: 'Not now',
  },
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  units: { day: 'd', hour: 'h', minute: 'm', second: 's' },
  fields: {
    since: 'Since',
    firingFor: 'Firing for',
    from: 'Fired at',
    at: 'At',
    value: 'Value',
    condition: 'Alarm if',
    measured: 'Measured',
    owner: 'Owner',
    lastLines: 'Last lines',
    sent: 'Ended at',
  },
  labels: {
    cluster: 'Cluster',
    namespace: 'Namespace',
    workload: 'Workload',
    pod: 'Pod',
    container: 'Container',
    node: 'Node',
    service: 'Service',
    instance: 'Instance',
    account: 'Account',
    region: 'Region',
    team: 'Team',
    load_balancer: 'Load balancer',
    target_group: 'Target group',
  },
  buttons: { alarm: 'Alarm', logs: 'Logs of that time', dashboard: 'Dashboard', runbook: 'Runbook', console: 'Open', other: 'Link' },
  silence: (duration) => `Silence ${duration}`,
  outside: 'outside',
  forDuration: (duration) => `for ${duration}`,
  afterDuration: (duration) => `after ${duration}`,
  ofCount: (some, all) => `${some} of ${all}`,
  more: (count) => `and ${count} more`,
  alerts: (count) => (count === 1 ? '1 alert' : `${count} alerts`),
  newAlerts: (count) => (count === 1 ? '1 new' : `${count} new`),
  resolvedAlerts: (count) => `${count} resolved`,
  storm: (count) => `${count} more alarms began within moments; they are listed here instead of one message each`,
  stillFiring: (count, duration) => (count === 1 ? `Still firing after ${duration}` : `${count} still firing after ${duration}`),
  stillWaiting: (duration) => `Still waiting after ${duration}`,
  muted: (count) => `${count} more of this group ${count === 1 ? 'is' : 'are'} silenced or follow from another alert`,
  allResolved: 'Everything in this message is over.',
  blindNote: 'The alarm gets no data. Whether the trouble goes on is not known.',
  noLines: 'no lines',
};

const ko: Texts = {
  states: {
    firing: '발생',
    resolved: '해소',
    blind: '데이터 없음',
    event: '이벤트',
    storm: '알람 다수',
    waiting: '승인 대기',
    decided: '결정됨',
  },
  approval: {
    approve: '승인',
    reject: '반려',
    ask: (what) => `${what}: 결정한 사람의 이름이 기록됩니다.`,
    cancel: '취소',
  },
  severities: { critical: '심각', warning: '경고', info: '정보' },
  units: { day: '일', hour: '시간', minute: '분', second: '초' },
  fields: {
    since: '발생 시각',
    firingFor: '지속 시간',
    from: '발생 시각',
    at: '시각',
    value: '현재 값',
    condition: '알람 조건',
    measured: '측정',
    owner: '담당',
    lastLines: '마지막 로그',
    sent: '해소 시각',
  },
  labels: {
    cluster: '클러스터',
    namespace: '네임스페이스',
    workload: '워크로드',
    pod: '파드',
    container: '컨테이너',
    node: '노드',
    service: '서비스',
    instance: '인스턴스',
    account: '계정',
    region: '리전',
    team: '팀',
    load_balancer: '로드 밸런서',
    target_group: '대상 그룹',
  },
  buttons: { alarm: '알람', logs: '당시 로그', dashboard: '대시보드', runbook: '런북', console: '열기', other: '링크' },
  silence: (duration) => `${duration} 동안 끄기`,
  outside: '범위 밖:',
  forDuration: (duration) => `${duration}째`,
  afterDuration: (duration) => `${duration} 만에`,
  ofCount: (some, all) => `${all}회 중 ${some}회`,
  more: (count) => `외 ${count}건`,
  alerts: (count) => `알림 ${count}건`,
  newAlerts: (count) => `신규 ${count}건`,
  resolvedAlerts: (count) => `해소 ${count}건`,
  storm: (count) => `짧은 시간에 알람 ${count}건이 더 발생하여 한 메시지로 모았습니다`,
  stillFiring: (count, duration) => (count === 1 ? `${duration}째 계속 발생 중` : `${count}건이 ${duration}째 계속 발생 중`),
  stillWaiting: (duration) => `${duration}째 승인 대기 중`,
  muted: (count) => `이 그룹의 ${count}건은 무음 처리되었거나 다른 알림에 포함됩니다`,
  allResolved: '이 메시지의 알림이 모두 해소되었습니다.',
  blindNote: '알람에 데이터가 들어오지 않습니다. 문제가 계속되는지 알 수 없습니다.',
  noLines: '로그 없음',
};

/** The words of each language. */
export const TEXTS: { readonly [language in Language]: Texts } = { en, ko };
