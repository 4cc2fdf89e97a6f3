/**
 * The literals that wake the judge. They are looked for in raw bytes, so that what JSON may write as `\uXXXX` stands here
 * in both forms (RFC 8259 section 7). Each is seldom in ordinary text of developers.
 */
import { createPrefilter } from '../../detect/prefilter.ts';
import type { Literal, Prefilter } from '../../detect/prefilter.ts';
import { LATIN_OF } from './fold-tables.ts';

/** Words that begin where a word begins. */
const WORDS: readonly string[] = [
  // Orders, and what they are about.
  'previous instr', 'prior instr', 'earlier instr', 'above instr', 'your instr', 'the instructions', 'these instructions', 'all instructions', 'any instructions', 'any other instr', 'other instructions', 'new instr', 'original instr', 'existing instr', 'initial instr', 'system instr', 'hidden instr', 'secret instr', 'past instr', 'past and ', 'former instr', 'preceding instr', 'following instr', 'developer instr', 'user instr', 'current instr', 'important instr', 'special instr', 'updated instr', 'conflicting instr', 'contrary instr', 'instructions:', 'instructions above', 'instructions you', 'instructions to', 'instructions for a', 'instructions for c', 'instructions for l', 'instructions for the', 'instructions and', 'instructions are', 'instructions give', 'instructions from', 'instructions in ', 'instructions were', 'instruction to', 'instruction for', 'agent instr', 'ai instr', 'ignore**', 'instructions**', 'disregard', 'supersede', 'ignore all', 'ignore any', 'ignore every', 'ignore previous', 'ignore prior', 'ignore the above', 'ignore your',
  'ignore what', 'ignore that', 'ignore my', 'ignore these', 'forget ', 'your rules', 'your programming', 'all rules', 'prior rules',
  'previous rules', 'above rules', 'previous orders', 'previous direct', 'previous command', 'prior command', 'obey', 'new task', 'new objective', 'new goal', 'your task', 'real task', 'your goal', 'your mission', 'your primary', 'your only',
  // Machines by their names and kinds, and what is worth having: each seldom by itself.
  'assistant', 'claude', 'copilot', 'gemini', 'chatgpt', 'codex', 'chatbot', 'llm', 'deepseek', 'the agent', 'an agent', 'agents ', 'coding agent', 'language model', 'artificial intel', 'the model must', 'the model should', 'the model shall', 'the model has to', 'models must', 'model must', 'ai ', 'ai-', 'automated sys', '@ai', '@agent', '@bot',
  '~/.ssh', 'id_rsa', 'id_ed25519', '~/.netrc', '~/.aws', '~/.config', '.env.local', '.env.prod', '.env file', 'all secrets', 'your secrets', 'their secrets', '/etc/passwd', 'curl -s', 'wget -q', 'authorized_keys', '.bashrc', '.zshrc', 'gh auth', 'git push --force', 'git push -f', 'conversation', 'chat history', 'transcript', "the user's ", "user's card", "user's session", 'passwords', 'api key', 'saved card', 'saved payment', 'address book', 'payment method', 'credit card', 'bank account', 'session cookie',  'long-term mem', 'persistent mem', 'to your mem', 'recovery code', 'branch protection', 'iban ', 'remote access', 
  'your reply', 'your replies', 'every reply', 'each reply', 'every answer', 'each answer', 'every summary', 'every output', 'your summar', 'your answers', 'no matter what was', 'no matter what the', 'no matter what they', 'regardless of what', 'whatever the user', 'whatever they', 'nothing else', 'answer this', 'answer only', 'answer with', 'in place of the', 'instead of the task', 'remember from', 'from here on', 'other tool', 'any tool', 'every tool', 'this tool', 'each tool', 'guard rails', 'guardrails', 'safety filter', 'restrictions are', 'rules no longer', 'no longer apply', 'rules are void', 'kindly ', 'grant remote', 'grant full', 'grant access', 'security team', 'what the user', 'the user has', 'opposite day', 'the placeholder with', 'user asks',
  'written above', 'were you given', 'generate code', 'write code for', 'dan mode', 'god mode', 'all safety', 'all rules', 'all your rules', 'safety protocol',  'developer gave', 'your filters', 'your safety', 'your limits', 'you see this text', 'reading this', 'any model', 'models should cite', 'sprachmodell', 'antwortet auf', 'all of its limits', 'its limits', 'rules you were', 'earlier rules', 'all earlier', 'rules are cancel', 'rules are now', 'rules are lifted', 'every rule', 'a bot', 'any bot', 'bots ', 'todo(agent', '(agent)', 'remember permanently', 'that writes the', 'npm_token', 'github_token', 'aws_secret_access', 'your developer', 'your makers', 'your next step', 'your operator', 'filter disabled', 'exact words', 'first words', 'top of this', 'start of context', 'before this message', 'forbidden to', 'told not to', 'full system prompt', 'my instructions', 'my system prompt', 'here is my full', 'grandm', 'grandpa', 'granny', 'safety=', 'mode=unrestr', 'mode: unrestr', 'access granted', 'never refuse', 'not refuse', 'comply with all req', 'comply with every', 'comply with any', 'without filters', 'treat this user', 'treat me as', 'two characters', 'opposite day', 'hidden tool', 'hidden param', 'hidden rules', 'full config', 'in leetspeak', 'your full', 'your complete', 'your confidential', 'your initial', 'your original', 'your hidden', 'your secret', 'your internal', 'your core',
  // The prompt and the persona.
  'system prompt', 'systemprompt', 'system-prompt', 'initial prompt', 'your prompt', 'prompt text', 'hidden prompt', 'secret prompt', 'full prompt', 'entire prompt', 'ignore tod', 'ignore tutte', 'ignorez', 'todas las instr', 'todas as instr', 'original prompt', 'above prompt', 'previous prompt', 'developer mode', 'jailbr', 'unrestricted', 'unfiltered', 'uncensored', 'do anything now', 'you are now', "you're now", 'you are no longer', 'you are free', 'from now on', 'no restrictions', 'roleplay', 'admin mode', 'debug mode', 'god mode', 'sudo mode', 'mode enabled', 'mode activated',
  // The assistant.
  'ai assistant', 'ai agent', 'ai model', 'ai system', 'ai tool', 'ai review', 'ai reader', 'ai crawler', 'ai summar', 'to ai', 'ai:', 'ai,', 'for ai', 'ai screen', 'ai grad', 'an ai', 'the ai', '-ai', 'bot,', 'hey bot', 'any ai', 'all ai', 'ais ', 'language model', 'llm', 'chatgpt', 'gpt-4', 'copilot', 'chatbot', 'coding agent', 'browsing agent',
  'your response', 'your answer', 'your reply', 'your summary', 'your final', 'your output', 'your next', 'your analysis', 'your review', 'your message', 'your recommendation', 'your translation', 'summarizing', 'summarising', 'summarize', 'summarise', 'before answering', 'before you', 'before responding', 'before using', 'using this tool', 'every response', 'every reply', 'every answer', 'your tools',
  // Authority and secrecy.
  'system message', 'system notice', 'system alert', 'system override', 'system update', 'system note', 'system instr', 'system:', 'admin note', 'important message', 'important:', 'important!', 'urgent:', 'authorized by', 'authorised by', 'pre-authorized', 'preauthorized', 'already approved', 'precedence over all', 'precedence over any', 'precedence over your', 'precedence over prev', 'precedence over every', 'precedence over the user', 'precedence over the sys', 'takes precedence. ',
  "don't tell", 'do not tell', 'not mention', "don't mention", 'not inform', "don't inform", 'not notify', 'not alert', 'not reveal', 'not disclose', 'not warn', 'not let', 'without tell', 'without inform', 'without notif', 'without mention', 'without alert', 'without asking', 'without confirm', 'never mention', 'never tell', 'never reveal', 'never inform', 'secretly', 'covertly', 'silently', 'discreetly', 'quietly', 'stealthily', 'exfiltrat', 'the user should', 'the user has', 'user already', "user doesn't", 'user does not', 'keep this', 'hide this', 'act as if', 'act normal', 'nothing happened', 'not ask', 'without confirmation', 'no confirmation', 'skip confirmation', 
  // Of words too common alone, the turns that orders use.
  'override your', 'override all', 'override any', 'override previous', 'override prior', 'override the safety', 'system override', 'admin override', 'override:', 'overrides all', 'overrides any', 'overrides your', 'override mode', 'bypass your', 'bypass all', 'bypass any', 'bypass the safety',
  'ignore the user', 'ignore the instr', 'ignore the prev', 'ignore the prior', 'ignore the rules', 'ignore the system', 'ignore the job', 'ignore the direct', 'ignore the orig', 'ignore the review', 'ignore the text', 'ignore the rest', 'ignore the guide', 'ignore the earl', 'ignore the prompt', 'ignore the task',
  'you must now', 'you must first', 'you must ignore', 'you must follow', 'you must obey', 'you must always', 'you must immediately', 'you must include', 'you must forward', 'you must send', 'you must execute', 'you must not mention', 'you must not tell', 'you have to', 'you are required', 'you are instructed', 'you should now', 'following steps before', 'before doing anything', 'before answering',
  'claude,', 'claude:', 'claude should', 'claude must', 'claude code:', 'claude code should', 'claude code must', 'claude.md', 'dear claude', 'claude will', '@claude', 'gemini,', 'gemini:', 'gemini must', 'gemini should', 'dear gemini', 'chatgpt,', 'codex,', 'codex:', 'cursor:', 'dear ', 'note for cursor',
  'assistant,', 'assistant:', 'assistant must', 'assistant should', 'assistant shall', 'assistant to ', 'assistants must', 'assistants should', 'assistants:', 'the assistant', 'dear assistant', 'email assistant', 'hey assistant', 'hello assistant', 'coding assistant', 'virtual assistant', 'assistant, ', 'assistant instr', 'agents must', 'agents should', 'agents shall', 'agents reading', 'agents working', 'all agents', 'any agent', 'agent must', 'agent shall', 'agent reading', 'agent that', 'for agents', 'automated system', 'automated assist', 'automated agent', 'automated review',
  'pretend you', 'pretend to be', 'pretend that you', 'pretend there', 'no limits', 'without limits', 'without restrictions', 'without limitations', 'without filter', 'without rules', 'without any restrict', 'without any rules', 'without any filter', 'without any limit', 'without any moral', 'without any ethic', 'without any censor', 'no moral', 'no ethic', 'no filters', 'no content polic', 'of all restrict', 'all restrictions', 'your restrictions', 'your guidelines', 'safety guidelines', 'ethical guidelines', 'content policy', 'review guidelines', 'previous guidelines', 'earlier guidelines',
  'attention ai', 'attention all', 'attention:', 'attention llm', 'attention assistant', 'attention language', 'not show this', 'not show the user', 'not show it to', 'not report this', 'the user must not', 'the user must never', 'to the user', 'from the user', 'tell the user', 'inform the user', 'the user that', 'keep it secret', 'keep it hidden', 'keep this secret', 'keep this hidden',
  'instead of summar', 'instead of answer', 'instead of fixing', 'instead of review', 'instead of translat', 'instead, say', 'instead output', 'instead say', 'instead respond', 'instead, write', 'instead write', 'instead, reply', 'instead, output', 'instead, respond', 'respond only', 'reply only', 'respond with', 'reply with', 'respond exactly', 'only respond', 'priority directive', 'new directive', 'hidden directive', 'directive:', 'prior directive', 'all directive', 'these directive', 'safety protocol', 'stop the current', 'stop what you', 'the current task', 'original task', 'original request', 'previous task', 'prior task', 'not summarize', 'text above', 'everything above', 'disregard',
  'for bots', 'bots:', 'hello agent', 'hi agent', 'hey agent', 'dear agent', 'recruiter bot', 'automated reader', 'machine reader', 'you have been freed', 'no policy', 'content filter', 'hidden mode', 'secret mode', 'my first message', 'first message', 'censored', 'your configuration', 'configuration prompt', 'keep quiet', 'future chats', 'memory update', 'your memory', 'all of your prompt', 'your entire', 'speak freely', 'made aware', 'way, model, ', 'tell no one', 'tell nobody', 'tell anyone', 'do it quietly', 'do so quietly', 'earlier brief', 'your brief', 'acceptable summary', 'assistants are', 'your system message', 'the system message', 'elevated perm', 'modelo:', 'assistants ia', 'contenido de .env', 'befehle', 'ki:', 'ki-', 'ignoriere', 'todo lo anterior', 'tout ce qui pr',
  'maintenance mode', 'diagnostic mode', 'i am your', 'your creator', 'your developer', 'changed my mind', 'following task', 'skip the confirmation', 'any other tool', 'ends here', 'other candidates', 'every question', 'by reading this', 'you can read this', 'internal rules', 'original task', 'task description', 'your next message', 'when answering', 'when asked', 'without telling', 'wichtige anweisung', 'content filters',
  'the user wants', 'your user', 'the user agreed', 'nobody should', 'no one should', 'context window', 'exact text', 'everything above', 'this chat', 'correct answer', 'only answer', 'not explain', 'note_to_llm', 'note_to_ai', 'instructions_for_ai', 'llm_note', 'ai_note', 'obedient',
  // Other languages, without accents where they have some.
  'ignorier', 'vergiss', 'vergesse', 'missachte', 'anweisung', 'oublie', 'ignorez', 'consignes', 'olvida', 'ignora ', 'instrucciones', 'istruzioni', 'dimentica', 'esque', 'tus instr', 'asistente', 'assistente', 'asystent', 'asisten ', 'asistan', 'assistenten', 'agente de ia', 'agentes de ia', 'ia,', 'agente,', 'agente:', 'agent ia', "l'agent", 'consigne', 'cachées', 'cachees', 'contrasen', 'credenciales', 'tes instructions', 'vos instructions', 'mot pour mot', 'mot de passe', 'mots de passe', 'regeln', 'wort für wort', 'passwort', 'zugangsdaten', 'wiederhole', 'ki ohne', 'repite ', 'repita ', 'eres dan', 'a partir de ahora', 'a partir de agora', 'sin reglas', 'sem restri', 'sin restri', 'sin filtro', 'sans filtre', 'sans aucune limite', 'sans restri', 'désormais une', 'talimat', 'komutlar', 'yok say', 'instruksi', 'abaikan', 'lupakan', 'kata sandi', 'zignoruj', 'ignoruj', 'zapomnij', 'instrukcj', 'polecen', 'prompt sys', 'negeer', 'instructies', 'ignorera', 'instruktioner', 'istruzion', 'senhas', 'senha ', 'tu prompt', 'seu prompt', 'tuo prompt', 'tvoj prompt', 'deinen prompt', 'systemprompt', 'gespeicherte',
];
const MARKS: readonly string[] = [
  '<|im_', '<|sys', '<|user', '<|assist', '<|start', '<|end', '<|eot', '<|eom', '<|begin', '[INST]', '[/INST]', '<<SYS>>', '<start_of_turn>', '</tool_result', '</function_re', '</tool_', '</document', '</email', '</issue', '</page', '</message', '</result', '</comment', '</article', '</untrusted', '</user_', '</external', '</search_re', '</retrieved', '</context>', '<system', '<important', '<instruction', '<information>', '<admin', '<hidden', '<function_calls', '<invoke', '<ai>', '<ai_', '<ai-', '<llm', '<agent_', '<agent>', '<override', '<priority', '<critical',
  'Agent: ', '. Agent, ', '"Agent, ', '"Agent: ', '\nAgent, ', 'Agents: ', 'AGENT: ', '-agent: ', '-- agent', 'agents: ', 
  'Human:', 'Assistant:', 'System:', 'SYSTEM:', 'USER:', '### System', '### Instruction', '### Human', '### User', '[SYSTEM', '[System', '[system', '[END ', '[ADMIN', '--- END OF', '---END OF', '{{#system',
  '={conv', '={chat', '={sec', '={user', '={sys', '={hist', '={summ', '={pass', '={env', '={api', '={enc', '={base', '={message', '={prompt', '={context', '=[conv', '=[user', '=[sec', '=[data', '=[chat', '=[enc', '=[sum', '=[the ', '=<conv', '=<user', '=<sec', '=<data', '=<chat', '=<enc', '=<sum', '=<base', '=<the ', '={{conv', '={{user', '={{sec', '={{chat', '={{hist', '?q={', '?d={', '?data={', '?c={', 'q=%7B', '=%7b',
  '%20previous%20', '%20instructions', '%20system%20prompt', '&#105;&#110;', '&#100;&#105;&#115;', '&#115;&#121;&#115;', '&#112;&#114;', '&#105;&#103;', '&#73;&#103;', '&#x69;&#x6e;', '&#x69;&#x67;', '&#x49;&#x67;',
  'i g n o r', 'n s t r u c t', 'd i s r e', 'p r e v i o', 's y s t e m', 'p r o m p t', 'i-g-n-o', 'i.g.n.o', 'i_g_n_o', 'n-s-t-r', 'n.s.t.r', 'i*g*n*o', 'i|g|n|o', 'f o r g e t', 'd-i-s-r', 'd.i.s.r', 's-y-s-t', 'p-r-e-v',
  '1gnor', 'ign0r', '1gn0r', 'instruct1', '1nstruct', 'pr3v', 'prev1ou', 'd1sreg', 'disr3g', 'syst3m', 'pr0mpt', 'f0rget', 'forg3t',
  'vafgehpgvba', 'vtaber', 'cebzcg', 'cerivbhf', 'snoitcurtsni', 'erongi', 'tpmorp', 'suoiverp',
  '696e737472756374', '646973726567617264', '466f7267657420', '666f7267657420', '70726f6d7074', '69676e6f7265', '70726576696f7573', '49676e6f7265', '494e535452554354', '53797374656d', '\\x69\\x67\\x6e', '\\x69\\\\x67\\\\x6e', '\\x49\\\\x67\\\\x6e', '\\x69\\\\x6e\\\\x73', '\\x49\\x67\\x6e', '\\x69\\x6e\\x73', '69 67 6e 6f', '49 67 6e 6f', '69 6e 73 74',
];
/** In scripts of other letters, also as escapes. */
const FOREIGN: readonly string[] = [
  '忽略之前', '忽略以', '忽略上', '忽略所', '忽略前', '忽略先', '忽略你', '忽略系', '忽略任', '忽略一', '忽略原', '忽略全', '忽略掉', '忽略您', '忽略開', '忽略开', '忽略現', '忽略现', '忽略當', '忽略当', '忽略其', '忽略安', '忽略用', '忽略既', '忽略过', '忽略這', '忽略这',
  '无视', '無視', '忘记之', '忘记所', '忘记以', '忘记你', '忘记前', '忘记上', '忘记一', '忘记先', '忘记我', '忘记系', '忘记任', '忘记全', '忘記', '忘掉', '忘了', '不要理会', '不要理會', '不必理', '不要遵', '不再遵', '停止遵', '抛弃', '拋棄', '抛开', '前的指令', '有的指令', '上的指令', '你的指令', '您的指令', '到的指令', '来的指令', '有指令', '新指令', '前指令', '统指令', '何指令', '始指令', '藏指令', '下指令', '述指令', '令：请', '令：忽', '令：停', '令：不', '### 指令', '指令作', '指令并', '指令全', '前的指示', '有的指示', '上的指示', '你的指示', '您的指示', '到的指示', '有指示', '切指示', '前指示', '何指示', '新指示', '指示：', '提示词', '提示詞', '系统提示', '系統提示', '系统消息', '系統訊息', '系统通知', '系統通知', '系统公告', '系统警告',
  '开发者模式', '開發者模式', '管理员模式', '管理员：', '管理員：', '管理员指', '管理员权', '的管理员', '管理员口', '系统管理员', '是管理员', '从现在', '從現在', '你现在', '你現在', '不受任何', '不受开发', '不受限', '不受规', '不受约', '不受以', '不受之', '没有任何限', '没有任何约', '没有任何道', '没有任何过', '没有任何规', '没有任何底', '沒有任何限', '沒有任何約', '沒有任何規', '沒有任何道', '没有一切', '没有限', '越狱', '越獄', '告诉用户', '告訴用戶', '告訴使用者', '告知用户', '告知用戶', '向用户', '向用戶', '向使用者', '让用户', '讓用戶', '对用户', '對用戶', '提及', '提到', '悄悄', '偷偷', '暗中', '静默', '靜默', '秘密', '保密', '人工智能', '人工智慧', '大模型', '语言模型', '語言模型', '智能体', '智能體', '助手', '助理', '你的回答', '你的回复', '你的回覆', '你的任务', '你的任務', '在回答', '在回复', '在总结', '在總結', '总结时', '当用户', '當用戶', '优先于', '優先於', '最高优先', '已授权', '已授權', '无需确认', '無需確認', '无需征', '无需询', '不要询问', '作废', '作廢', '即失效', '部失效', '已失效', '致所有', '如果你是', '给ai', '给AI', '給AI', '机器人', '機器人', '模型读', '模型請', '模型请', '模型应', '模型必', '停止当前', '停止总结', '阅读本文', '安全限制', '安全规则', '停止當前', '通讯录', '聊天记录', '历史对话', '不再受', '第一条消息', '代理请', '给代理', '编码代理', '编程代理', '代码代理', '代理必须', '智能代理', '审稿人', '审查者', '筛选系统', '人工智能', '聊天记录', '和密钥', '有密钥', '户的密钥', '你的密钥', 'API 密钥', 'API密钥', 'api 密钥', 'api密钥', '密钥发', '密钥、', '户的令牌', '户的密码', '有密码', '密码发', '密码和', '密码、', 'root密码', 'root 密码', '管理员密码', '员口令', '户口令', '收件人', '收款人', '银行卡', '验证码', '初始设定', '您的设定', '你的设定', '不得提', '不要提', '写明', '满分', '摘要里', '摘要中', '在摘要', '总结里', '总结中', '回复的结尾', '回复的末尾', '回答的末尾', '回答末尾', '每次回', '只回复', '只回答', '只需回答', '只写优点', '不论前', '不论用', '无论用户', '无论前', '接下来请', '以后凡', '凡是调用', '调用任何', '执行 curl', '执行curl', '执行 rm', '分支保护', '强制推送', '转账', '下单', '你收到的', '您收到的', '给你的', '给您的', '长期记忆', '忽 略', '无 视', '指 令', '提 示', '规 则', '反话', '越狱版', '原封不动', '原样', '使用前必须', '调用前必须', '所有安全', '你的安全', '一切安全', '越狱模', '索要', '套取', '骗取', '忽视你', '忽视以', '忽视之', '忽略原文', '全部取消', '只听我', '系统：你', '系统：请', '系统:你', '系统:请', '</文档', '</网页', '</邮件', '不管用', '每一条回', '你的每', '贴出来', '一字不', '一个字都', '逐字', '逐句', '没有道德', '内部规则', '未经过滤', '内容审查', '限制已', '奶奶', '不许拒绝', '不能拒绝', '隐藏工具', '照做', '解码并', '解码后', '贴到', '发到 http', '上传到 http', '上传至 http', '转发到', '转发至', '发给我',  '發給我', '最初的指',
  'все правила', 'ton prompt', 'игнорируй', 'Игнорируй', 'забудь', 'Забудь', 'инструкци', 'указани', 'промпт', 'предыдущ', 'Не обращай', 'отбрось',
  'instruções', 'précédent', 'précédentes', 'Übergehe', 'überschreib', 'contraseñ',
  '指示を', '命令を', 'プロンプト', '無視し', '忘れて', '指令を', 'ルールを', '以前の', 'これまでの',
  'ассистент', 'Ассистент', 'ИИ', 'Теперь ты', 'теперь ты', 'пароли', 'системн', 'дословно', 'без ограничений', 'ігноруй', 'Ігноруй', 'інструкц',
  'アシスタント', 'エージェント', '認証情報', '一字一句', '制限のない', '今からあなた', 'あなたは今', '에이전트', '어시스턴트', '시스템', '제한도', '비밀번호', '챗봇',
  'تجاهل', 'التعليمات', 'كلمات المرور', 'كلمة المرور', 'موجه', 'المساعد', 'أرسل', 'निर्देश', 'अनदेखा', 'पासवर्ड', 'प्रॉम्प्ट', 'सहायक', 'भूल जा',
  'Bỏ qua', 'bỏ qua', 'hướng dẫn', 'chỉ dẫn', 'lời nhắc', 'mật khẩu', 'Trợ lý', 'trợ lý', 'hệ thống', 'wcześniejsz', 'wyślij', 'Wyślij', 'hasło', 'hasła', 'şifre', 'Önceki', 'önceki', 'gönder', 'müşteri', 'reseñ', 'correos', 'prompt système', 'invite système', 'Schlüssel', 'schlüssel', 'Passwört', 'instrucciones',
  '지시', '명령', '프롬프트', '무시하', '지침', '규칙',
];

/** Letters of base64 that stand for `word` wherever it begins in a group of three bytes, for the bytes that are all its own. */
function base64Forms(word: string): string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = Buffer.byteLength(word);
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64').replace(/=+$/, '');
    const first = Math.ceil((shift * 8) / 6);
    const whole = Math.floor(((shift + bytes) * 8) / 6);
    return encoded.slice(first, whole);
  });
}
const ENCODED_WORDS: readonly string[] = [
  '忽略', '指令', '规则', '提示词', '密钥', '密码', '系统', 'ignore ', 'Ignore ', 'IGNORE ', 'disregard', 'Disregard', 'forget ', 'Forget ', 'instructions', 'INSTRUCTIONS', 'Instructions', 'previous ', 'PREVIOUS ', 'system prompt', 'SYSTEM', 'System:', 'override', 'assistant', 'do not tell', 'exfiltrat', 'credentials', 'api key', 'the user', 'secretly',
];

/** Half the words an order uses, with one letter of another script in them: the letter and its neighbour. */
const MIXED_WORDS: readonly string[] = ['ignore', 'instructions', 'previous', 'system', 'prompt', 'disregard', 'forget', 'reveal', 'prior', 'rules', 'above', 'password', 'assistant'];
const COMMON_LOOKALIKES = 'аеіосрхуѕјοαειρνυ';
function mixedPairs(): string[] {
  const pairs = new Set<string>();
  for (const other of COMMON_LOOKALIKES) {
    const latin = LATIN_OF.get(other);
    for (const word of MIXED_WORDS) {
      for (let i = word.indexOf(latin ?? '?'); i >= 0; i = word.indexOf(latin ?? '?', i + 1)) {
        if (i > 0) pairs.add(word.charAt(i - 1) + other);
        if (i + 1 < word.length) pairs.add(other + word.charAt(i + 1));
      }
    }
  }
  return [...pairs];
}

/** Letters in the styles of mathematics, circled and full width: those that most orders have. */
function styledLetters(): string[] {
  const letters: string[] = ['ｉｎｓｔ', 'Ｉｎｓｔ', 'ＩＮＳＴ', 'ｉｇｎｏ', 'Ｉｇｎｏ', 'ＩＧＮＯ', 'ｄｉｓｒ', 'Ｄｉｓｒ', 'ｆｏｒｇ', 'Ｆｏｒｇ', 'ｐｒｅｖ', 'ｓｙｓｔ', 'ｐｒｏｍ', 'ⓘ', 'Ⓘ', 'ⓡ'];
  for (let style = 0; style < 13; style += 1) {
    for (const letter of [8, 26 + 8]) {
      const point = 0x1d400 + style * 52 + letter;
      letters.push(String.fromCodePoint(point));
    }
  }
  return letters;
}

/** Characters that are not seen, between Latin letters; one alone after a letter is enough to look. */
function invisiblePairs(): string[] {
  const pairs: string[] = ['\u200b', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\u180e'];
  for (const invisible of ['\u200c', '\u200d', '\u00ad', '\ufeff', '\u034f', '\u200e']) for (const letter of 'eiostrngv') pairs.push(invisible + letter);
  // The letters of the tag block (U+E0061 to U+E007A) that most texts have.
  for (const letter of 'etaoinsr ') pairs.push(String.fromCodePoint(0xe0000 + letter.charCodeAt(0)));
  return pairs;
}

/** Words of orders with two letters in the middle changed about. */
function slippedWords(): string[] {
  const words = ['ignore', 'instructions', 'previous', 'system', 'prompt', 'disregard', 'reveal', 'password'];
  return words.flatMap((word) => Array.from({ length: word.length - 3 }, (_, i) => word.slice(0, i + 1) + word.charAt(i + 2) + word.charAt(i + 1) + word.slice(i + 3)).filter((other) => other !== word));
}

/** As JSON writes what is not ASCII. */
function escapedForm(text: string): string {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const caseless = (text: string): Literal => ({ text, caseless: true });
const exact = (text: string): Literal => ({ text, caseless: false });
const beyondAscii = [...FOREIGN, ...mixedPairs(), ...styledLetters(), ...invisiblePairs()];

const LITERALS: readonly Literal[] = [
  ...[...WORDS, ...slippedWords()].map((text): Literal => ({ text, caseless: true, initial: true })),
  ...MARKS.map((text) => (/^[A-Z]|SYSTEM|System|^\[/.test(text) ? exact(text) : caseless(text))),
  ...ENCODED_WORDS.flatMap(base64Forms).map(exact),
  ...beyondAscii.map(exact),
  ...beyondAscii.map((text) => caseless(escapedForm(text))),
];

/** Literals on which a text is looked at closer: in a text in which none stands nothing is found. */
export const INJECTION_WAKERS: readonly Literal[] = [...new Map(LITERALS.map((literal) => [`${literal.text}|${literal.caseless}`, literal])).values()];

/** Made when first needed. */
let prefilter: Prefilter | undefined;

/** Whether a waker stands in a decoded text. */
export function isWoken(text: string): boolean {
  prefilter ??= createPrefilter(INJECTION_WAKERS);
  const bytes = Buffer.from(text, 'utf8');
  let woken = false;
  prefilter.scan(bytes, 0, bytes.length, () => {
    woken = true;
  });
  return woken;
}
