const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether it can be the id of anything: PostgreSQL refuses to compare a uuid with other text, which would be a failure. */
export const isUuid = (text: string): boolean => UUID.test(text);
