import { countPoints } from '../alerts/text.ts';
import { type Block, blocksLength, LIMITS, type SlackMessage } from './blocks.ts';

/** Every limit of Slack that a message breaks, in words; none for a message that Slack takes. Used by the sink of the local run and by tests. */
export function limitProblems(message: SlackMessage): string[] {
  const problems: string[] = [];
  const check = (what: string, actual: number, limit: number, least = 0): void => {
    if (actual > limit) problems.push(`${what}: ${actual}, at most ${limit}`);
    if (actual < least) problems.push(`${what}: ${actual}, at least ${least}`);
  };
  check('text', countPoints(message.text), LIMITS.text, 1);
  const attached = message.attachments?.[0].blocks ?? [];
  check('blocks', message.blocks.length + attached.length, LIMITS.blocks, 1);
  check('JSON of all blocks', blocksLength(message), LIMITS.blocksJson);
  for (const [index, block] of [...message.blocks, ...attached].entries()) checkBlock(block, `blocks[${index}]`, check);
  return problems;
}

type Check = (what: string, actual: number, limit: number, least?: number) => void;

function checkBlock(block: Block, at: string, check: Check): void {
  switch (block.type) {
    case 'section':
      check(`${at} parts`, (block.text ? 1 : 0) + (block.fields ? 1 : 0), 2, 1);
      if (block.text) check(`${at}.text`, countPoints(block.text.text), LIMITS.sectionText, 1);
      if (block.fields) check(`${at}.fields`, block.fields.length, LIMITS.fields, 1);
      for (const [index, field] of (block.fields ?? []).entries())
        check(`${at}.fields[${index}]`, countPoints(field.text), LIMITS.fieldText, 1);
      break;
    case 'context':
      check(`${at}.elements`, block.elements.length, LIMITS.contextElements, 1);
      for (const element of block.elements) check(`${at}.element`, countPoints(element.text), LIMITS.contextText, 1);
      break;
    case 'actions':
      check(`${at}.elements`, block.elements.length, LIMITS.actions, 1);
      checkUnique(
        block.elements.map((button) => button.action_id),
        at,
        check,
      );
      for (const button of block.elements) {
        check(`${at} button text`, countPoints(button.text.text), LIMITS.buttonText, 1);
        check(`${at} action_id`, button.action_id.length, LIMITS.actionId, 1);
        check(`${at} url`, button.url?.length ?? 0, LIMITS.buttonUrl);
        check(`${at} value`, button.value?.length ?? 0, LIMITS.buttonValue);
        const { confirm } = button;
        if (confirm === undefined) continue;
        check(`${at} confirm title`, countPoints(confirm.title.text), LIMITS.confirmTitle, 1);
        check(`${at} confirm text`, countPoints(confirm.text.text), LIMITS.confirmText, 1);
        for (const { text } of [confirm.confirm, confirm.deny]) check(`${at} confirm button`, countPoints(text), LIMITS.confirmButton, 1);
      }
      break;
    case 'rich_text':
      check(`${at}.elements`, block.elements.length, 100, 1);
      for (const part of block.elements) for (const element of part.elements) check(`${at} text`, element.text.length, 12_000, 1);
      break;
    case 'divider':
      break;
  }
}

function checkUnique(ids: readonly string[], at: string, check: Check): void {
  check(`${at} action ids that are there twice`, ids.length - new Set(ids).size, 0);
}
