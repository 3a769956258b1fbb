/** Where an approval stands for whoever asks: on them, on others, agreed but not carried out, or over. */
export const QUEUE_STAGES = ['needsMe', 'waiting', 'ready', 'done'] as const;
export type QueueStage = (typeof QUEUE_STAGES)[number];

export const QUEUE_KINDS = ['Transfer', 'Transaction', 'Signature', 'Change'] as const;
