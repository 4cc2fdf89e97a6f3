/**
 * Open classes of words, by language, in folded text (see `foldText`): words for machines that read and act, what they
 * are told to do, and what is worth having. No word tells anything alone; `directed.ts` puts them together.
 */

/** The classes, as bits of one number. */
export const WORD = {
  /** A machine that reads: an assistant, an agent, a model by its name. */
  machine: 1,
  /** A word that is one beside others: a coding tool, an automated system. */
  machineLike: 1 << 1,
  send: 1 << 2,
  read: 1 << 3,
  carry: 1 << 4,
  run: 1 << 5,
  /** Deletes, disables, hides. */
  harm: 1 << 6,
  /** Pays, merges, approves, unlocks, books. */
  grant: 1 << 7,
  /** Changes something, as is done every day. */
  alter: 1 << 8,
  secret: 1 << 9,
  /** Private to a person or a conversation. */
  personal: 1 << 10,
  prompt: 1 << 11,
  command: 1 << 12,
  /** What protects: reviews, branch protection, logs. */
  guard: 1 << 13,
  asset: 1 << 14,
  /** What costs money or opens doors. */
  worth: 1 << 15,
  place: 1 << 16,
  modal: 1 << 17,
  answer: 1 << 18,
  orders: 1 << 19,
  /** How good or bad something is, where that is what is to be said of it. */
  verdict: 1 << 20,
  /** A verb that stands behind its object. */
  late: 1 << 21,
  /** The end of a sentence or a paragraph. */
  boundary: 1 << 22,
  /** What lets somebody in. */
  access: 1 << 23,
  /** In a language in which a word for a machine is enough to know who is meant. */
  foreign: 1 << 25,
  /** What a self without rules is free of, or does. */
  lawless: 1 << 26,
  /** What claims to come first, and who may speak so. */
  claim: 1 << 27,
  /** What a prompt may be called where it is asked for. */
  disclosed: 1 << 28,
  /** What is deleted and changed every day. */
  plain: 1 << 29,
  /** A machine where it is told to do something, and a thing elsewhere. */
  modelLike: 1 << 30,
  /** Says what something is to be called or thought of. */
  steer: 1 << 31,
} as const;

type Class = keyof typeof WORD;

/** English. Verbs in the form of an order alone: `sends` tells of something. */
const ENGLISH: Readonly<Partial<Record<Class, string>>> = {
  machine: 'ai ais agent agents assistant assistants llm llms chatbot chatbots bot bots claude copilot gemini chatgpt gpt codex devin deepseek qwen grok coderabbit windsurf cline aider perplexity',
  modelLike: 'model models summarizer summarizers summariser summarisers crawler crawlers screener screeners grader graders cursor gpts robot robots scraper scrapers copilots',
  machineLike: 'automated automation autonomous artificial virtual coding generative intelligent reviewer reviewers readers summarization summarisation summarizing bard llama mistral operator',
  send: 'send upload post forward email mail transmit exfiltrate leak share submit push deliver publish dm relay pipe beacon paste copy invite bcc curl',
  read: 'read open cat print display show reveal list dump output fetch collect extract find locate retrieve search gather harvest grep echo look get take obtain grab zip archive capture export repeat state translate encode quote scan decode scrape',
  carry: 'include append attach embed encode insert put write add commit pass place fill save store set provide supply return give concatenate',
  run: 'run execute eval launch invoke install download call start curl wget pipe source spawn type trigger perform issue open clone',
  harm: 'delete remove wipe erase drop destroy purge truncate overwrite disable deactivate revoke cancel kill bypass lift suspend hide omit suppress tamper conceal silence',
  alter: 'edit alter modify clear close turn switch stop skip change update set add create enable elevate promote open assign redirect replace release schedule tick renew activate reset',
  grant: 'transfer wire pay buy purchase order book reserve donate unlock grant approve merge authorize authorise confirm complete click accept refund withdraw deposit subscribe sign give invite',
  secret: 'token tokens credential credentials password passwords passphrase passphrases secret secrets ssh env netrc npmrc kubeconfig aws keychain wallet wallets cookie cookies otp pin 2fa mfa passwd shadow rsa ed25519 gnupg pgpass authtoken printenv vault gcloud pypirc ssn apikey apikeys',
  personal: 'conversation chat history transcript inbox emails mails contacts cards card bank iban location calendar invoices invoice payroll salary medical diagnosis birthday phone identity passport tax photos customers customer employees chats conversations book',
  prompt: 'prompt prompts instructions directives guidelines rules configuration',
  command: 'curl wget rm sudo powershell nc netcat chmod eval iex base64 payload mkfs dd authorized_keys crontab execute_sql auth sql pwsh',
  verdict: 'best first top highest full maximum qualified safest superior perfect excellent outstanding positive flawless ideal stars star doubled unqualified worst reject rejected accepted approved cheapest trusted only unsafe sole',
  guard: 'protection protections firewall antivirus sandbox guardrails guardrail safeguards filters filter reviews verification validation authentication auth logging monitoring alerts approval approvals restrictions security logs backups backup pipeline certificates signatures clause clauses workflow workflows',
  asset: 'database databases tables table repository repositories repo branch branches main master production records users accounts account folder directory home disk history commits code lines line events meetings message messages everything drive tests emails mails results workspace config configuration settings setting ',
  worth: 'eur usd dollars euros euro money funds payment payments card cards iban bank subscription purchase order orders balance ticket tickets hotel room flight reservation booking bitcoin btc eth wallet transaction transactions invoice button pr pull',
  access: 'cart basket checkout admin administrator maintainer collaborator permission permissions access door doors lock locks boiler garage camera cameras thermostat oven payee iban visibility autoapprove rights privileges heating',
  place: 'webhook pastebin gist ngrok requestbin telegram discord slack burp attacker external remote server servers address url urls email endpoint endpoints link links number account site domain host comment comments www https http hxxps hxxp ftp s3 issue',
  modal: 'must should shall has have need needs required please kindly supposed ought requested asked authorised authorized obliged allowed invited urged expected permitted instructed',
  steer: 'state say claim rank rate mark award recommend cite suggest declare conclude vote treat consider pick choose favour favor prefer praise promote leave omit',
  answer: 'response responses answer answers reply replies summary summaries output outputs analysis completion completions translation translations review recommendation recommendations report reasoning message messages conversation tool call calls summarize summarise summarizing summarising summarized summarised summary answering responding respond replying answer reply reading processing translate translating translation analyzing analysing generating presenting using calling completing question questions review reviewing describe describing evaluate evaluating task continue proceed doing else about asks query request',
  orders: 'instruction instructions instuctions instructons prompt prompts rule rules direction directions directive directives guideline guidelines guidance command commands order orders constraint constraints restriction restrictions policy policies programming training safeguards guardrails guardrail protocol protocols task tasks context conversation conversations assignment assignments objective objectives goal goals limitation limitations filter filters statement statements request requests text info information content before above earlier previously prior told taught instructed said asked written wrote preceded preceding previous contradicts contradict conflicts conflict contrary disagrees otherwise message messages user users person owner human humans developer developers creator creators question questions query job requirements criteria clause clauses tests sources results tools candidates applicants products reviews and now then instead just only print say tell write output respond answer show act return your everything document documents query all it',
  lawless: 'free anything dan evilgpt darkgpt freegpt chaosgpt dangpt restrictions restriction limitations limitation limits limit filters filter censorship rules ethics ethical morals moral morality guidelines safety constraints constraint boundaries content inhibitions guardrails unrestricted unfiltered uncensored amoral jailbroken unethical unaligned unmoderated unhinged lawless evil malicious bound restricted constrained limited polic policies policy laws refuse refuses say no decline declines deny denies reject rejects bypasses violates breaks ignores morales gpt',
  claim: 'supersedes supersede overrides override replaces replace precedence priority outranks outrank overrules overrule system developer developers admin admins administrator administrators administration anthropic openai google microsoft operator operators creator creators team platform user owner department management ceo compliance legal',
  disclosed: 'definition definitions description descriptions parameters guardrails setup tool prompt prompts instruction instructions directive directives guideline guidelines rule rules message messages configuration configurations command commands text texts words content contents everything line lines sentence sentences task tasks assignment context memory memories permanently forever good sessions chats conversations preferences later tools settings above before custom',
  plain: 'files file data code line lines tests test checks check rules config configuration settings setting warnings directory folder records messages results comment comments',
};

/** German, French, Spanish, Italian, Portuguese, Polish, Turkish, Vietnamese, Indonesian and Russian, accents folded. */
const OTHERS: Readonly<Partial<Record<Class, string>>> = {
  machine: 'ki agenten assistent assistenten sprachmodell sprachmodelle asistente asistentes agente agentes ia modelo assistente assistentes modele assistants assistent automatiques automatischen bewertungssysteme asystent asystencie asystenta agencie agenta asistan asistani ajan yapay asisten agen ии ассистент ассистента ассистенту ассистенты помощник помощнику агент агенту агента агенты модель модели нейросеть бот боту',
  send: 'sende senden schicke schicken schick leite weiterleiten weiter poste ubermittle lade veroffentliche envia envie enviar manda reenvia reenvie comparte compartilhe compartir publica publique sube encaminhe mande envoie envoyez envoyer transmets transmettez publie publier publiez partage partagez transfere invia inviare inoltra inoltrare condividi pubblica wyslij wyslac przeslij przekaz udostepnij opublikuj gonder gonderin ilet paylas yukle kirim kirimkan teruskan unggah bagikan gui отправь отправьте отправить перешли перешлите пришли передай передайте опубликуй загрузи скопируй',
  read: 'lies lesen zeige zeig gib nenne verrate drucke wiederhole liste lee leer muestra muestrame imprime revela lis lisez lire affiche affichez montre revele leia mostre exiba leggi mostra rivela stampa odczytaj pokaz wyswietl ujawnij przeczytaj oku goster yazdir baca tampilkan tunjukkan hien покажи покажите выведи выведите прочитай прочитайте раскрой напечатай перечисли',
  run: 'fuhre ausfuhren installiere ejecuta ejecute instala descarga execute executez lance installez installe esegui installa scarica uruchom wykonaj zainstaluj calistir indir kur jalankan unduh pasang chay запусти запустите выполни выполните установи скачай',
  harm: 'losche loschen entferne entfernen deaktiviere uberschreibe verschweige borra elimina desactiva apague exclua remova supprime supprimez desactive desactivez ecartez cancella rimuovi disattiva ometti usun wylacz sil devre kapat hapus nonaktifkan xoa удали удалите отключи отключите сотри',
  grant: 'uberweise uberweisen bezahle zahle kaufe kaufen bestelle genehmige bewerte bewerten compra compre paga pague transfiere transfira reserva aprueba aprova aprove abre achete achetez paie payez virez approuvez attribuez acquista trasferisci prenota approva zaplac kup przelej zatwierdz ode odeme onayla bayar beli setujui chuyen переведи переведите оплати оплатите купи одобри оцени поставь',
  secret: 'passwort passworter passworts kennwort kennworter zugangsdaten schlussel umgebungsvariablen contrasena contrasenas clave claves credenciales senha senhas credenciais passe cles identifiants motdepasse credenziali segreti haslo hasla klucz klucze sifre sifreyi sifreleri sifresini parola sandi kunci khau khoa пароль пароли пароля ключ ключи токен токены секрет секреты учетные',
  personal: 'gesprach verlauf kundendaten kontakte correos correo factura facturas conversacion tarjeta contactos conversa cartao contatos courriels courriel conversation carte clients conversazione carta contatti wiadomosci rozmowe kontakty konusma listesini musteri mesajlar percakapan riwayat daftar pelanggan переписку сообщения письма контакты клиентов историю',
  asset: 'inhalt inhalte contenido contenu contenuto данные содержимое файл файлы dateien datei verzeichnis datenbank zeilen archivos carpeta base pastas arquivo convite fichier fichiers dossier base cartella fattura plik pliki katalog dosyalari dosya verileri berkas строки базу файлы журнал журнала каталог',
  worth: 'euro konto rechnung bewertung punktzahl bewerber tarjeta unidades cuenta dolares cartao conta unidades note candidat carte compte euros conto iban carta konto zlotych hesap hesabina lira rekening rupiah рублей счет карту кандидату',
  modal: 'musst muss sollst bitte debes debe devez dois doit deve devi powinienes musisz lutfen harap должен должны пожалуйста',
  late: 'lesen senden schicken loschen kopieren weiter weiterleiten ausfuhren gonder gonderin ilet paylas oku goster calistir sil indir',
};

/** Scripts without spaces between words, or with words that grow at both ends: found wherever they stand. */
const PIECES: Readonly<Partial<Record<Class, string>>> = {
  machine: '助手 助理 智能体 大模型 语言模型 人工智能 机器人 编码代理 编程代理 代码代理 智能代理 给代理 致代理 代理请 代理必须 代理在 筛选系统 审稿人 アシスタント エージェント ボット 人工知能 에이전트 어시스턴트 챗봇 비서 مساعد الذكاء सहायक एआई',
  modelLike: '模型 代理 モデル 모델 نموذج मॉडल',
  send: '发送 发给 发到 发往 发至 上传 转发 转给 传到 传给 贴到 贴在 贴进 寄给 寄到 公布 公开 抄送 外发 附上 附在 通知 推送 传入 写进 写入 放进 放入 填入 post 加入 插入 送信 转送 転送 公开 アップロード 投稿 보내 전송 올려 전달 أرسل ارسل شارك भेज',
  read: '读取 打印 输出 列出 显示 导出 查看 收集 获取 打开 复述 翻译 出力 表示 読み 읽어 읽고 출력 보여 اعرض اكشف اطبع दिखा बता',
  run: '执行 运行 下载 安装 调用 实行 実行 실행 نفذ شغل चला',
  harm: '删除 删掉 清空 关闭 禁用 停用 取消 移除 强制推送 覆盖 绕过 略去 忽略 隐藏 削除 삭제 احذف हटा',
  grant: '合并 批准 转账 汇款 支付 付款 下单 购买 预订 解锁 授予 授权 邀请 改成 录用 满分 点一下 点击 打分 购入 購入 支払 결제 구매 حول ادفع',
  secret: '密钥 密码 口令 令牌 凭证 凭据 私钥 环境变量 验证码 パスワード 鍵 トークン 认证情报 認証 비밀번호 토큰 키를 인증 كلمات المرور كلمة المرور مفاتيح مفتاح पासवर्ड कुंजी',
  personal: '通讯录 聊天记录 对话 会话 用户数据 个人信息 联系人 收件箱 邮件 银行卡 定位 身份证 手机号 合同 客户 敏感 隐私 内容 メール 受信 会话 会話 内容 대화 이메일 내용 المحادثة محادثة بيانات बातचीत ईमेल',
  prompt: '系统提示 提示词 初始设定 设定 初始指令 系统指令 プロンプト 指示 프롬프트 지시 موجه تعليمات प्रॉम्प्ट निर्देश',
  guard: '分支保护 防火墙 权限 评审 审批 摄像头 沙箱 校验 门锁 缺点 保护',
  asset: '仓库 数据库 主干 会议 日历 收件人 全部文件 所有文件 كل الملفات',
  plain: '文件 目录 数据 配置 记录 分支 测试 日志 ファイル 파일 ملف फ़ाइल',
  worth: '账户 账号 订单 付款 酒店 支付 候选人 满分 红包 银行卡 按钮 大门 カード 결제',
  alter: '修改 替换 添加 打开 設定',
  access: '权限 门锁 管理员 维护者 收款',
  late: '送信 转送 転送 公开 アップロード 投稿 出力 表示 読み 实行 実行 削除 保내 보내 전송 올려 전달 읽어 출력 보여 실행 삭제 भेज दिखा हटा चला',
  modal: '请 必须 应当 应该 应执行 应先 应在 应立即 应把 应将 应向 需要 需先 需在 需把 需将 要先 务必 都要 须 麻烦 下一步 ください すること 주세요 하세요',
};

function collect(lists: readonly (readonly [Readonly<Partial<Record<Class, string>>>, number])[]): Map<string, number> {
  const bits = new Map<string, number>();
  for (const [list, extra] of lists) {
    for (const [name, words] of Object.entries(list) as [Class, string][]) {
      for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | WORD[name] | (name === 'machine' ? extra : 0));
    }
  }
  return bits;
}

/** The classes of each word of letters and digits. */
export const WORD_CLASSES: ReadonlyMap<string, number> = collect([[ENGLISH, 0], [OTHERS, WORD.foreign]]);
/** The classes of each piece of other scripts. */
export const PIECE_CLASSES: ReadonlyMap<string, number> = collect([[PIECES, WORD.foreign]]);
