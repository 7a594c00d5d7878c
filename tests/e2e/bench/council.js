// A small council of invented people for these journeys: a hall, two bridge points, five delegates with tablets.

export const COUNCIL = `
title = "Kỳ họp thử nghiệm"
bodies = ["Thành phố An Bình", "Hội đồng nhân dân thành phố An Bình"]
presiding = "lan"
groups = [{ id = "to-1", name = "Tổ đại biểu số 1" }, { id = "to-2", name = "Tổ đại biểu số 2" }]
sites = [
  { id = "hoi-truong", name = "Hội trường thành phố", short = "Hội trường", kind = "hall", phone = "0200 555 0100" },
  { id = "hoa-binh", name = "Điểm cầu phường Hòa Bình", short = "Hòa Bình", kind = "remote", phone = "0200 555 0111" },
  { id = "tan-lap", name = "Điểm cầu phường Tân Lập", short = "Tân Lập", kind = "remote", phone = "0200 555 0112" },
]
endpoints = [
  { id = "hoi-truong", site = "hoi-truong" },
  { id = "hoa-binh", site = "hoa-binh" },
  { id = "tan-lap", site = "tan-lap" },
]
agenda = [
  { id = "khai-mac", title = "Khai mạc", kind = "opening", minutes = 10 },
  { id = "thao-luan", title = "Thảo luận về tình hình kinh tế – xã hội", kind = "debate", minutes = 60 },
  { id = "be-mac", title = "Bế mạc", kind = "closing", minutes = 10 },
]
people = [
  { id = "lan", name = "Nguyễn Thị Lan", title = "Chủ tịch Hội đồng nhân dân", roles = ["chair", "delegate"], group = "to-1", site = "hoi-truong" },
  { id = "minh", name = "Trần Văn Minh", title = "Phó Chủ tịch Hội đồng nhân dân", roles = ["chair", "delegate"], group = "to-1", site = "hoi-truong" },
  { id = "ha", name = "Phạm Thu Hà", title = "Trưởng Ban Pháp chế", roles = ["delegate"], group = "to-2", site = "hoi-truong" },
  { id = "binh", name = "Lê Văn Bình", title = "Bí thư Đảng ủy phường Hòa Bình", roles = ["delegate", "site_lead"], group = "to-1", site = "hoa-binh" },
  { id = "cuc", name = "Đỗ Thị Cúc", title = "Giáo viên", roles = ["delegate"], group = "to-2", site = "hoa-binh" },
  { id = "dung", name = "Vũ Quốc Dũng", title = "Bác sĩ", roles = ["delegate"], group = "to-1", site = "tan-lap" },
  { id = "em", name = "Bùi Ngọc Em", title = "Kỹ sư", roles = ["delegate"], group = "to-2", site = "tan-lap" },
  { id = "thu-ky", name = "Hoàng Mai Thư", title = "Chánh Văn phòng", roles = ["secretary"], site = "hoi-truong" },
  { id = "ky-thuat", name = "Lý Quang Kỹ", title = "Kỹ thuật trung tâm", roles = ["central_technician"], site = "hoi-truong" },
  { id = "khach", name = "Mai Xuân Khách", title = "Giám đốc Sở Xây dựng", roles = ["guest", "questioned"], site = "hoi-truong" },
]
[rules]
pack = "quoc-hoi-2022"
total = 7
total_reference = "Nghị quyết thử nghiệm"
window_s = 0
`;

/** Rooms by their number, which is their picture's code and their tone. */
export const HALL = 1;
export const WARD_1 = 2;
export const WARD_2 = 3;
export const SITE = { [HALL]: 'hoi-truong', [WARD_1]: 'hoa-binh', [WARD_2]: 'tan-lap' };
export const SITE_NAME = {
  [HALL]: 'Hội trường thành phố',
  [WARD_1]: 'Điểm cầu phường Hòa Bình',
  [WARD_2]: 'Điểm cầu phường Tân Lập',
};
export const NAME = {
  lan: 'Nguyễn Thị Lan',
  minh: 'Trần Văn Minh',
  ha: 'Phạm Thu Hà',
  binh: 'Lê Văn Bình',
  cuc: 'Đỗ Thị Cúc',
  dung: 'Vũ Quốc Dũng',
  em: 'Bùi Ngọc Em',
  'thu-ky': 'Hoàng Mai Thư',
  'ky-thuat': 'Lý Quang Kỹ',
  khach: 'Mai Xuân Khách',
};
