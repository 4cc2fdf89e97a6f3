/** Identifiers and enumerations of the protocols. A listed name, not a pattern: `aws_access_key_id` is no identifier. */
const IDENTIFIERS = new Set([
    'id', 'call_id', 'callId', 'tool_use_id', 'toolUseId', 'tool_call_id', 'toolCallId', 'item_id', 'itemId',
    'response_id', 'responseId', 'previous_response_id', 'previous_item_id', 'message_id', 'user_id', 'session_id',
    'conversation_id', 'thread_id', 'request_id', 'requestId', 'trace_id', 'event_id', 'file_id', 'container_id',
    'organization_id', 'project_id', 'run_id', 'step_id', 'assistant_id', 'vector_store_id', 'batch_id', 'custom_id',
    'approval_request_id', 'generation_id', 'connector_id', 'mcp_approval_request_id', 'prompt_cache_key',
    'safety_identifier', 'system_fingerprint', 'obfuscation',
    'model', 'modelVersion', 'role', 'type', 'object', 'status', 'service_tier', 'stop_reason', 'finish_reason',
    'finishReason', 'media_type', 'mimeType', 'mime_type', 'cache_control', 'cachedContent',
]);
/** Keys that hold media in base64, or an address of it, wherever they stand. */
const MEDIA = new Set(['image_url', 'file_data', 'b64_json', 'partial_image_b64', 'embedding']);
/** Keys whose `data` is base64 media or encrypted thinking. `content` and `content_block`: redacted_thinking, MCP images. */
const DATA_HOLDERS = new Set([
    'source', 'inlineData', 'inline_data', 'input_audio', 'audio', 'content', 'content_block', 'resource',
]);
/** Keys under which the names of keys are the user's or the model's own. */
const FREE_FORM = new Set(['arguments', 'args', 'json', 'variables', 'structuredContent', 'structured_content']);
/** Parents under which `input` is the list of a Responses request, not a tool's input. */
const REQUEST_HOLDERS = new Set(['body', 'params', 'request', 'response']);
const SIGNATURE = /signature$/i;
/** encrypted_content, encrypted_index, encrypted_stdout, encryptedContent. */
const ENCRYPTED = /^encrypted/;
/** Whether a string at this path passes untouched in either direction. */
export function isOpaque(path) {
    const key = path.at(0);
    if (key === undefined)
        return false;
    return isOpaqueName(key, path) && !isFreeForm(path);
}
/**
 * Thinking that nobody signed: the text and summaries of vendors that show them. Nobody acts on it, and clients send
 * it back word for word (DeepSeek answers 400 without it), so on the way down it stays as the model wrote it,
 * placeholders included. On the way up it is scanned like any text, because no signature stops us.
 * https://api-docs.deepseek.com/guides/thinking_mode
 */
export function isUnsignedThinking(path) {
    const key = path.at(0);
    if (key === 'reasoning_content' || key === 'reasoning' || key === 'reasoning_text')
        return !isFreeForm(path);
    return key === 'text' && path.at(1) === 'summary' && !isFreeForm(path);
}
/** Strings that hold JSON text, by the names the protocols give them. */
const JSON_TEXT = new Set(['arguments', 'partial_json']);
/**
 * How often a value restored at this path must be escaped: once in a string, twice in one that holds JSON; 0 where
 * nothing is restored.
 */
export function restoreDepth(path) {
    const key = path.at(0);
    if (key === undefined)
        return 1;
    if (JSON_TEXT.has(key))
        return isFreeForm(path) ? 1 : 2;
    return isOpaque(path) || isUnsignedThinking(path) ? 0 : 1;
}
function isOpaqueName(key, path) {
    if (IDENTIFIERS.has(key) || MEDIA.has(key) || key === 'thinking')
        return true;
    if (SIGNATURE.test(key) || ENCRYPTED.test(key))
        return true;
    const parent = path.at(1);
    if (parent === undefined)
        return false;
    if (parent === 'thinking' || parent === 'reasoning_details' || parent === 'cache_control')
        return true;
    if (key === 'data')
        return DATA_HOLDERS.has(parent);
    return key === 'url' && parent === 'image_url';
}
/** Whether some key above the nearest one opens an object of the user's or the model's own making. */
function isFreeForm(path) {
    for (let up = 1; up < path.depth; up++) {
        const key = path.at(up);
        if (key === undefined)
            return false;
        if (FREE_FORM.has(key))
            return true;
        const parent = path.at(up + 1);
        if (key === 'input' && parent !== undefined && !REQUEST_HOLDERS.has(parent))
            return true;
        if (key === 'response' && (parent === 'functionResponse' || parent === 'function_response'))
            return true;
    }
    return false;
}
