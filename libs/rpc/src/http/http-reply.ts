import type { Dispatcher } from 'undici';

/** What an instance answered, its body unread. */
export type HttpReply = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;
