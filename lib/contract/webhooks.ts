import { z } from 'zod';
import { emptyBody, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, smallPageQuery } from './pagination';

const expand = (family: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `${family}.${name}`);

/** Kinds of webhook events (contract §5.6). */
export const WEBHOOK_EVENTS: readonly string[] = [
  'policy.triggered',
  ...expand('policy.approval', 'pending resolved'),
  ...expand('key', 'created deleted delegated exported'),
  ...expand('wallet', 'created activated delegated exported tags.modified blockchainevent.detected'),
  ...expand('wallet.signature', 'requested signed failed rejected'),
  ...expand('wallet.transaction', 'requested broadcasted confirmed failed rejected'),
  ...expand('wallet.transfer', 'requested broadcasted confirmed failed rejected'),
  ...expand('wallet.offer', 'received accepted rejected withdrawn'),
  'payout.action.required',
];

const eventKind = z.enum(WEBHOOK_EVENTS as [string, ...string[]], { error: 'is not a known event' });
const subscription = z.enum(['*', ...WEBHOOK_EVENTS] as [string, ...string[]], { error: 'is not a known event' });
const status = z.enum(['Enabled', 'Disabled']);
const url = z.url({ protocol: /^https?$/ }).max(2048);

export const webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(subscription),
  status,
  description: z.string().optional(),
  dateCreated: timestamp,
  dateUpdated: timestamp,
});

const webhookEvent = z.object({
  id: z.string(),
  date: timestamp,
  kind: eventKind,
  data: z.record(z.string(), z.unknown()),
  status: z.string(),
  error: z.string().optional(),
  /** Unix seconds. */
  timestampSent: z.number().int(),
});

const ONE = '/webhooks/:webhookId';
const row = (
  id: string,
  method: Operation['method'],
  path: string,
  permission: string,
  rest: Partial<Operation>,
): Operation => ({
  id,
  method,
  path,
  access: 'bearer',
  userAction: method !== 'GET',
  permission: [permission],
  governs: method === 'GET' ? 'nothing' : 'governance',
  built: false,
  ...rest,
});
const description = z.string().max(256).optional();
const events = z.array(subscription).min(1).max(100);

export const WEBHOOKS: readonly Operation[] = [
  row('webhooks.listWebhooks', 'GET', '/webhooks', 'Webhooks:Read', {
    query: smallPageQuery,
    response: pageOf(webhook),
  }),
  row('webhooks.getWebhook', 'GET', ONE, 'Webhooks:Read', { response: webhook }),
  row('webhooks.createWebhook', 'POST', '/webhooks', 'Webhooks:Create', {
    body: z.strictObject({ url, status: status.optional(), description, events }),
    response: webhook.extend({ secret: z.string() }),
  }),
  row('webhooks.updateWebhook', 'PUT', ONE, 'Webhooks:Update', {
    body: z.strictObject({ url: url.optional(), status: status.optional(), description, events: events.optional() }),
    response: webhook,
  }),
  row('webhooks.deleteWebhook', 'DELETE', ONE, 'Webhooks:Delete', {
    body: emptyBody,
    response: z.object({ deleted: z.literal(true) }),
  }),
  row('webhooks.pingWebhook', 'POST', `${ONE}/ping`, 'Webhooks:Ping', {
    body: emptyBody,
    response: z.object({ status: z.string(), error: z.string().optional() }),
  }),
  row('webhooks.listWebhookEvents', 'GET', `${ONE}/events`, 'Webhooks:Events:Read', {
    query: smallPageQuery.extend({ kind: eventKind.optional(), deliveryFailed: z.enum(['true', 'false']).optional() }),
    response: pageOf(webhookEvent),
  }),
  row('webhooks.getWebhookEvent', 'GET', `${ONE}/events/:webhookEventId`, 'Webhooks:Events:Read', {
    response: webhookEvent,
  }),
];
