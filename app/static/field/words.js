// Everything the app says. Short, calm, imperative to the interviewer; "Ông/Bà" to the citizen.
const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ".");
const phieu = (n) => `${thousands(n)} phiếu`;
export const dayText = (day) => day.split("-").reverse().join("/");

export const W = {
  app: "Khảo sát tại nhà",
  brand: "Hài Lòng",
  tabs: { today: "Việc", queue: "Hàng chờ", device: "Máy này" },
  menu: "Các phần của ứng dụng",
  back: "Quay lại",
  next: "Tiếp tục",
  training: "Luyện tập: không lưu, không gửi",

  // The line that is always there.
  allSent: "Đã gửi hết",
  waiting: (n) => `${phieu(n)} chờ gửi`,
  waitingHalt: (n) => `${phieu(n)} chờ gửi, tạm dừng`,

  // Today.
  todayTitle: "Việc được giao",
  noWork: "Chưa có đợt khảo sát nào được giao cho tổ. Khi tổ trưởng giao việc, danh sách thôn, bản sẽ hiện ở đây.",
  notYet: "Chưa tải được việc. Hãy mở ứng dụng một lần ở nơi có mạng.",
  until: (day) => `Đến hết ngày ${dayText(day)}`,
  from: (day) => `Bắt đầu từ ngày ${dayText(day)}`,
  over: (day) => `Đợt đã kết thúc ngày ${dayText(day)}. Phiếu ghi thêm sẽ được để riêng cho tổ trưởng xem.`,
  progress: (done, target) => `${thousands(done)}/${phieu(target)}`,
  rule: (start, step) => (step > 1 ? `Từ hộ thứ ${start}, cứ ${step} hộ hỏi một hộ` : "Hỏi mọi hộ"),
  ruleRow: "Đi từ đầu thôn, bản; đến các hộ thứ:",
  ruleWhy: "Không đổi sang hộ dễ hỏi hơn: kết quả chỉ đúng khi hộ được chọn theo quy tắc.",
  resumeTitle: "Một phiếu đang hỏi dở",
  resumeText: (place, time) => `${place}, bắt đầu lúc ${time}. Những câu đã trả lời vẫn còn.`,
  resume: "Hỏi tiếp",
  openElsewhere: "Phiếu này đang mở ở một cửa sổ khác của máy. Hãy dùng cửa sổ đó hoặc đóng nó lại.",

  // The door.
  knock: "Gõ cửa hộ tiếp theo",
  doorAsk: "Có người tiếp không?",
  start: "Có, bắt đầu hỏi",
  doors: {
    absent: "Không có ai ở nhà",
    later: "Hẹn lúc khác",
    refused: "Từ chối trả lời",
    ineligible: "Không thuộc diện hỏi",
    helped: "Đã giúp hộ này nộp hồ sơ",
  },
  doorWrite: (word) => `Ghi một lượt: ${word.charAt(0).toLowerCase()}${word.slice(1)}`,
  doorKept: (word) => `Đã ghi một lượt: ${word.charAt(0).toLowerCase()}${word.slice(1)}. Ngoài số lượt, không có thông tin nào khác được giữ.`,
  helpedAsk: "Người đang cầm máy đã từng giúp hộ này nộp hồ sơ trực tuyến chưa?",
  helpedWhy: "Người đã giúp không hỏi chính hộ đó, để Ông/Bà nói thật lòng. Hãy nhờ người khác trong tổ.",
  helpedNo: "Chưa",
  helpedYes: "Rồi",

  // The beginning.
  languageTitle: "Hỏi bằng tiếng nào?",
  languages: { vi: "Tiếng Việt", thai: "Tiếng Thái", mong: "Tiếng Mông", other: "Tiếng khác" },
  interpreter: "Có người phiên dịch giúp",
  consentTitle: "Đọc to lời mời",
  agree: "Đồng ý",
  refuse: "Từ chối",
  listen: "Nghe đọc",
  mute: "Máy này không phát được giọng đọc. Hãy đọc to câu hỏi.",

  // The questions.
  question: (n, of) => (of ? `Câu ${n} trên ${of}` : `Câu ${n}`),
  skip: "Bỏ qua câu này",
  several: "Chọn được nhiều mục",
  most: (n) => `Chọn nhiều nhất ${n} mục`,
  chooseOne: "Hãy chọn một mục",
  letters: (n, of) => `${n}/${of} ký tự`,
  tooLong: (of) => `Hãy viết ngắn lại, nhiều nhất ${of} ký tự.`,
  noNames: "Không ghi họ tên, số điện thoại, số nhà.",
  serviceTitle: "Hồ sơ nộp ở cơ quan nào?",
  serviceHint: "Hỏi Ông/Bà rồi chọn cơ quan đã nhận hồ sơ.",
  serviceFind: "Tìm cơ quan",
  serviceUnknown: "Ông/Bà không biết",
  serviceNone: "Không có cơ quan nào khớp. Hãy gõ ít chữ hơn.",
  handTitle: "Đưa máy cho Ông/Bà",
  handText: "Đọc to câu hỏi, rồi quay màn hình về phía Ông/Bà và nhìn sang chỗ khác.",
  handed: "Đã đưa máy",
  tapFace: "Mời Ông/Bà chạm vào một khuôn mặt",
  handBackTitle: "Cảm ơn Ông/Bà",
  handBackText: "Xin Ông/Bà đưa máy lại cho người hỏi. Lựa chọn vừa rồi đã được cất kín.",
  handedBack: "Đã nhận lại máy",
  chooseAgain: "Chọn lại",
  stop: "Dừng",
  stopTitle: "Dừng phiếu này",
  stopPause: "Tạm dừng, hỏi tiếp sau",
  stopLater: "Hẹn lúc khác, bỏ phần đã hỏi",
  stopRefused: "Ông/Bà không muốn trả lời nữa",
  stopText: "Khi bỏ phiếu, những câu đã trả lời bị xóa khỏi máy; chỉ còn số lượt.",
  slipTitle: "Xin phép hỏi lại lần sau",
  slipAsk: "Ông/Bà có đồng ý để một người khác đến hỏi lại vài câu, nhằm kiểm tra việc khảo sát không?",
  slipYes: "Đồng ý, chép mã ra giấy",
  slipNo: "Không đồng ý",
  slipCodeTitle: "Chép mã này vào giấy cho Ông/Bà",
  slipText: "Máy không giữ mã sau khi niêm phong. Chỉ hộ có tờ giấy mới biết mã.",
  slipDone: "Đã chép xong",
  endTitle: "Hết câu hỏi",
  endText: "Khi kết thúc, phiếu được niêm phong: không ai mở xem được trên máy này, và không sửa được nữa.",
  finish: "Kết thúc, niêm phong",
  sealedTitle: "Phiếu đã niêm phong",
  sealedText: "Phiếu tự gửi khi có mạng. Không cần làm gì thêm.",
  sealedWaits: "Phiếu sẽ được niêm phong khi máy tải được khóa của máy chủ. Hãy mở ứng dụng ở nơi có mạng.",
  trainingEnd: "Hết phần luyện tập",
  trainingEndText: "Không có gì được lưu hay gửi đi.",
  trainAgain: "Luyện lại",
  trainingPlace: "bản luyện tập",

  // The queue.
  queueTitle: "Hàng chờ",
  queueNone: "Không còn phiếu nào chờ gửi. Máy chủ đã xác nhận mọi phiếu.",
  queueText: "Phiếu tự gửi khi có mạng. Phiếu chỉ rời máy sau khi máy chủ xác nhận đúng từng chữ.",
  lastSent: (time) => `Lần máy chủ xác nhận gần nhất: ${time}.`,
  neverSent: "Chưa có phiếu nào được máy chủ xác nhận.",
  lastLook: (time) => `Lần tải việc gần nhất: ${time}`,
  sendNow: "Gửi ngay",
  unreached: "Chưa nối được với máy chủ. Phiếu vẫn ở máy; ứng dụng tự thử lại khi có mạng.",
  interviewed: "Đã hỏi xong",
  states: {
    ready: "Chờ gửi",
    sending: "Đang gửi",
    acknowledged: "Máy chủ đã nhận",
    aside: "Máy chủ đã nhận, để riêng cho tổ trưởng xem",
    draft: "Chờ niêm phong",
  },
  problems: {
    400: "Máy chủ không đọc được phiếu. Phiếu vẫn ở máy này; hãy xuất tệp đưa tổ trưởng.",
    413: "Phiếu quá lớn với máy chủ. Phiếu vẫn ở máy này; hãy xuất tệp đưa tổ trưởng.",
    checksum: "Máy chủ xác nhận sai nội dung. Phiếu vẫn ở máy này và sẽ được gửi lại.",
    other: "Máy chủ gặp lỗi. Phiếu vẫn ở máy này và sẽ được gửi lại.",
    foreign: "Phiếu của người dùng máy trước. Hãy xuất tệp đưa tổ trưởng.",
  },
  halt: {
    paused: "Tổ trưởng đang tạm dừng máy này, nên máy chủ chưa nhận phiếu. Mọi phiếu vẫn còn nguyên. Hãy báo tổ trưởng.",
    unknown: "Máy chủ không nhận ra máy này. Mọi phiếu vẫn còn nguyên. Hãy xin tổ trưởng mã mới và ghi danh lại.",
    revoked: "Máy này đã bị thu hồi quyền gửi. Mọi phiếu vẫn còn nguyên. Hãy xuất tệp và đưa cho tổ trưởng.",
  },
  export: "Xuất tệp các phiếu chờ gửi",
  exportText: "Dùng khi máy không gửi được. Tệp chỉ máy chủ mở được; phiếu vẫn ở lại máy.",
  exported: (n) => `Đã xuất ${phieu(n)}. Hãy đưa tệp cho tổ trưởng để nạp vào hệ thống.`,
  exportNone: "Không có phiếu nào chờ gửi.",
  exportDraft: "Phiếu đang hỏi dở không nằm trong tệp. Hãy hỏi xong rồi xuất lại.",

  // The device.
  deviceTitle: "Máy này",
  collector: "Người hỏi",
  team: "Tổ",
  label: "Tên máy",
  storage: "Chỗ lưu",
  storageKept: "Được giữ bền: trình duyệt không tự xóa phiếu.",
  storageLoose: "Chưa được giữ bền: khi máy hết chỗ, trình duyệt có thể xóa phiếu chưa gửi. Hãy cài ứng dụng lên màn hình chính.",
  askStorage: "Xin giữ bền",
  storageRefused: "Trình duyệt chưa cho giữ bền. Hãy cài ứng dụng lên màn hình chính, mở từ đó rồi thử lại.",
  usage: (used, quota) => `Đã dùng ${used} trên ${quota}`,
  full: "Máy sắp hết chỗ. Hãy gửi phiếu, rồi xóa bớt ảnh và tệp không cần trên máy.",
  clock: (text) => `Đồng hồ của máy lệch ${text} so với máy chủ. Hãy chỉnh lại ngày giờ của máy.`,
  version: "Phiên bản",
  update: "Có bản mới. Cập nhật",
  updateBusy: "Có bản mới. Hỏi xong phiếu đang mở rồi mới cập nhật.",
  updateText: "Phiếu và việc được giao không đổi.",
  install: "Cài lên màn hình chính",
  installHint: "Mở trình đơn của trình duyệt, chọn “Thêm vào màn hình chính”. Ứng dụng cài rồi thì mở được khi không có mạng và phiếu được giữ bền hơn.",
  installed: "Ứng dụng đã được cài.",
  spokenTitle: "Lời, giọng đọc tiếng khác",
  spokenHere: (here, all) => (here < all
    ? `Đã có ${here} trên ${all} tệp. Phần còn lại tự tải khi mạng tốt; chưa đủ vẫn phỏng vấn được.`
    : `Đã có đủ ${all} tệp, dùng được khi không có mạng.`),
  spokenFetch: "Tải ngay phần còn lại",
  spokenWaits: (seconds) => `Máy chủ đang bận; máy tự tải tiếp sau khoảng ${seconds < 90 ? `${seconds} giây` : spanText(seconds * 1000)}.`,
  train: "Luyện tập",
  trainText: "Hỏi thử một phiếu. Không có gì được lưu hay gửi đi.",
  otherCode: "Ghi danh lại bằng mã khác",

  // Enrolment.
  enrolTitle: "Ghi danh máy này",
  enrolText: "Quét mã QR tổ trưởng đưa, hoặc dán mã vào đây. Mỗi mã dùng một lần, trong 24 giờ.",
  enrolQueue: (n) => `Máy còn ${phieu(n)} chưa gửi. Phiếu vẫn được giữ và gửi dưới tên người đã hỏi; không có gì bị xóa.`,
  code: "Mã ghi danh",
  codeGiven: "Đã đọc mã từ QR.",
  labelHint: "Ví dụ: Samsung A05 của tổ bản Nà Lò",
  enrol: "Ghi danh",
  enrolled: "Máy đã được ghi danh",
  enrolGone: "Mã này đã dùng, đã hết hạn hoặc không đúng. Hãy xin tổ trưởng mã mới.",
  enrolNetwork: "Chưa nối được với máy chủ. Hãy thử lại ở nơi có mạng; mã vẫn dùng được.",
  enrolBusy: "Máy chủ đang bận. Hãy đợi ít phút rồi thử lại; mã vẫn dùng được.",
  enrolCode: "Hãy dán mã ghi danh.",
  welcome: (code, team) => `Người hỏi ${code}, ${team}.`,
  toWork: "Xem việc được giao",

  // When something fails.
  notSaved: "Chưa lưu được. Câu vừa rồi chưa được ghi; hãy thử lại.",
  noRoom: "Máy hết chỗ nên chưa lưu được câu vừa rồi. Những câu trước vẫn còn. Hãy xóa bớt ảnh hoặc tệp trên máy rồi bấm “Thử lại”.",
  sealedAlready: "Phiếu này đã được niêm phong ở một cửa sổ khác.",
  cleared: "Dữ liệu của ứng dụng trên máy này vừa bị xóa. Hãy xin tổ trưởng mã mới và ghi danh lại.",
  retry: "Thử lại",
  noStore: "Trình duyệt không cho ứng dụng lưu dữ liệu (có thể đang ở chế độ ẩn danh). Hãy mở bằng cửa sổ thường của Chrome.",
};

export function problemText(row, device) {
  if (device && row.collector !== device.collector.id && row.device !== device.device) return W.problems.foreign;
  if (!row.problem) return "";
  return W.problems[row.problem] ?? W.problems.other;
}

export function bytesText(bytes) {
  const units = ["byte", "kB", "MB", "GB"];
  let at = 0;
  let n = bytes;
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000;
    at += 1;
  }
  return `${n.toFixed(n < 10 && at ? 1 : 0).replace(".", ",")} ${units[at]}`;
}

// A moment as the interviewer sees it: the hour, with the day where it is not today's.
export function momentText(at, now = Date.now()) {
  const text = new Date(at + 7 * 3_600_000).toISOString();
  const here = new Date(now + 7 * 3_600_000).toISOString().slice(0, 10);
  const hour = text.slice(11, 16);
  return text.slice(0, 10) === here ? `${hour} hôm nay` : `${hour} ngày ${dayText(text.slice(0, 10))}`;
}

export function spanText(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  if (minutes < 120) return `${minutes} phút`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} giờ` : `${thousands(Math.round(hours / 24))} ngày`;
}
