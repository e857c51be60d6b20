import type { z } from 'zod';
import { copiesContract } from './copies.ts';
import { credentialContract } from './credential.ts';
import type { Call, Download, Feed } from './define.ts';
import type { WireError } from './errors.ts';
import { hostKeyContract } from './host-key.ts';
import { nodeContract } from './node.ts';
import { retentionContract } from './retention.ts';
import { operatingContract } from './operating.ts';
import { runContract } from './run.ts';
import { runPreviewContract } from './run-preview.ts';
import { settingsContract } from './settings.ts';
import { runFindContract } from './run-find.ts';
import { runGroupsContract } from './run-groups.ts';
import { targetContract } from './target.ts';
import { targetRunsContract } from './target-runs.ts';

/** Everything that can be said to Drover, over any transport. */
export const contract = {
  ...runContract,
  ...runPreviewContract,
  ...runGroupsContract,
  ...runFindContract,
  ...targetContract,
  ...targetRunsContract,
  ...credentialContract,
  ...hostKeyContract,
  ...nodeContract,
  ...settingsContract,
  ...retentionContract,
  ...copiesContract,
  ...operatingContract,
};

type Contract = typeof contract;
export type Name = keyof Contract;
export type CallName = { [N in Name]: Contract[N] extends Call<z.ZodType, z.ZodType> ? N : never }[Name];
export type FeedName = { [N in Name]: Contract[N] extends Feed<z.ZodType, z.ZodType> ? N : never }[Name];
export type DownloadName = { [N in Name]: Contract[N] extends Download<z.ZodType> ? N : never }[Name];

/** What a caller writes (defaults may be left out) and what a handler reads (defaults filled in). */
export type InputOf<N extends Name> = z.input<Contract[N]['input']>;
export type ParsedOf<N extends Name> = z.output<Contract[N]['input']>;
export type OutputOf<N extends CallName> = Contract[N] extends Call<z.ZodType, infer O> ? z.output<O> : never;
export type ItemOf<N extends FeedName> = Contract[N] extends Feed<z.ZodType, infer O> ? z.output<O> : never;

/** The answer to a call. */
export type Reply = { ok: true; value: unknown } | { ok: false; error: WireError };

/** One message of a feed: a numbered item, or its last message. */
export type Frame = { seq: number; item: unknown } | { end: true; error?: WireError };

/** The bytes of a download. */
export type FileReply = {
  name: string;
  contentType: string;
  body: AsyncIterable<Uint8Array>;
};

/** One way of reaching an engine. */
export interface Wire {
  send(name: string, input: unknown): Promise<Reply>;
  /** Calls `onFrame` until the frame with `end`, or until the returned function is called. */
  open(name: string, input: unknown, onFrame: (frame: Frame) => void): () => void;
}
