import type { Api } from './api.js';
import { describeConfigs } from './describe-configs.js';
import { fetch } from './fetch.js';
import { deleteGroups, describeGroups, listGroups } from './group-administration.js';
import { heartbeat, joinGroup, leaveGroup, syncGroup } from './group-membership.js';
import { offsetCommit, offsetFetch } from './group-offsets.js';
import { findCoordinator, metadata } from './metadata.js';
import { deleteRecords, listOffsets } from './offsets-of-logs.js';
import { produce } from './produce.js';
import { createPartitions, createTopics, deleteTopics } from './topic-administration.js';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn, initProducerId, txnOffsetCommit } from './transactions.js';

/** Everything that is understood, by its key. A new request is a file and a line here. */
export const APIS: ReadonlyMap<number, Api> = new Map(
  [
    produce,
    fetch,
    listOffsets,
    metadata,
    offsetCommit,
    offsetFetch,
    findCoordinator,
    joinGroup,
    heartbeat,
    leaveGroup,
    syncGroup,
    describeGroups,
    listGroups,
    createTopics,
    deleteTopics,
    deleteRecords,
    initProducerId,
    addPartitionsToTxn,
    addOffsetsToTxn,
    endTxn,
    txnOffsetCommit,
    describeConfigs,
    createPartitions,
    deleteGroups,
  ].map((api) => [api.key, api]),
);
