// /ui-api/v1/namespaces/{namespace}/views: saved views over HTTP.

import type { IncomingMessage } from 'node:http';
import { namespaceNotFound } from '@perdure/api';
import {
  DescribeNamespaceRequest as request,
  DescribeNamespaceResponse as response,
} from '@perdure/api/workflowservice';
import { type BodyBudget, readBody } from '../../transport/http/read-body.ts';
import { HttpRefusal } from '../../transport/http/refusal.ts';
import type { RpcHandler } from '../../transport/rpc.ts';
import { sendJson } from '../answer.ts';
import { LocalCalls } from '../extras/local-calls.ts';
import type { ExtraRequest, Route } from '../extras/routes.ts';
import { type Condition, SavedViews, type SavedViewsOptions } from './saved-views.ts';
import { checkViewName, encodeView, shownView, VIEW_BYTES_MAX } from './view.ts';

export interface ViewRoutesOptions {
  readonly context: SavedViewsOptions;
  readonly handler: RpcHandler;
  readonly onError: (error: unknown, path: string) => void;
}

/** Bodies that are being received, of all requests together. */
const BODY_BYTES_TOTAL_MAX = 256 * VIEW_BYTES_MAX;

export function viewRoutes({ context, handler, onError }: ViewRoutesOptions): Route[] {
  const views = new SavedViews(context);
  const budget: BodyBudget = { bodyBytesMax: VIEW_BYTES_MAX, totalBytesMax: BODY_BYTES_TOTAL_MAX, usedBytes: 0 };
  /** With the checks and the limits of an RPC. */
  const namespaceOf = async (asked: ExtraRequest): Promise<string> => {
    const [namespace = ''] = asked.parameters;
    const calls = new LocalCalls(handler, asked.request, onError);
    const { namespaceInfo } = await calls.call('DescribeNamespace', { request, response }, { namespace });
    if (namespaceInfo === undefined) throw namespaceNotFound(namespace);
    return namespaceInfo.id;
  };

  const list = async (asked: ExtraRequest): Promise<void> => {
    const all = await views.all(await namespaceOf(asked));
    sendJson(asked.request, asked.response, 200, { views: all.map(shownView) });
  };
  const get = async (asked: ExtraRequest): Promise<void> => {
    const view = await views.one(await namespaceOf(asked), nameOf(asked));
    sendJson(asked.request, asked.response, 200, shownView(view), { etag: view.etag });
  };
  const put = async (asked: ExtraRequest): Promise<void> => {
    const name = nameOf(asked);
    const namespaceId = await namespaceOf(asked);
    const value = encodeView(name, await readBody(asked.request, budget));
    const { view, isNew } = await views.put(namespaceId, name, value, conditionOf(asked.request));
    sendJson(asked.request, asked.response, isNew ? 201 : 200, shownView(view), { etag: view.etag });
  };
  const remove = async (asked: ExtraRequest): Promise<void> => {
    await views.delete(await namespaceOf(asked), nameOf(asked), conditionOf(asked.request));
    sendJson(asked.request, asked.response, 200, {});
  };
  const path = ['namespaces', '*', 'views'];
  return [
    { path, verbs: { GET: list } },
    { path: [...path, '*'], verbs: { GET: get, PUT: put, DELETE: remove } },
  ];
}

function nameOf({ parameters: [, name = ''] }: ExtraRequest): string {
  checkViewName(name);
  return name;
}

function conditionOf({ headers }: IncomingMessage): Condition {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new HttpRefusal(400, 'If-None-Match can only be *: the view must not be there');
  }
  const ifMatch = headers['if-match']?.split(',').map((tag) => tag.trim());
  return { ifMatch, ifAbsent: ifNoneMatch === '*' };
}
