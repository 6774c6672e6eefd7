export { cutToWidth, displayWidth, printable } from '../../lambdas/core/chat/width.ts';
