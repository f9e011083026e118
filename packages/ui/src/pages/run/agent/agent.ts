// What the page of a run loads only to look for a conversation.
export { conversationOf, isAgentRun } from '@perdure/ui-core';
export { readData } from './read.ts';
