// Writes docs/alarms.md; a test fails where it is out of date.
import { writeFileSync } from 'node:fs';
import { ALARM_DOCS_FILE, alarmDocs } from './alarm-docs.ts';

writeFileSync(ALARM_DOCS_FILE, alarmDocs());
