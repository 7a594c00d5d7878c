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

const WARDS = ['An Phú', 'Đông Hải', 'Phước Long', 'Vĩnh Thạnh', 'Bình Khê', 'Mỹ Lâm'];
const FAMILY = ['Ngô', 'Đặng', 'Hồ', 'Dương', 'Phan', 'Trịnh', 'Tạ'];
const GIVEN = ['Xuân An', 'Thị Bích', 'Quang Châu', 'Ngọc Diệp'];
const plain = (name) => name.replaceAll('Đ', 'D').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '-');

/** The whole council: the same people and 28 more delegates, 35 in 8 groups, in a hall and 8 wards; `agenda` before its end. */
export function wholeCouncil(agenda) {
  const seats = [...WARDS, 'Hòa Bình', 'Tân Lập'];
  const sites = WARDS.map((name, number) => [
    `  { id = "${plain(name)}", name = "Điểm cầu phường ${name}", short = "${name}", kind = "remote", phone = "0200 555 01${13 + number}" },`,
    `  { id = "${plain(name)}", site = "${plain(name)}" },`,
  ]);
  const groups = [3, 4, 5, 6, 7, 8].map((number) => `, { id = "to-${number}", name = "Tổ đại biểu số ${number}" }`);
  const people = FAMILY.flatMap((family) => GIVEN.map((given) => `${family} ${given}`)).map(
    (name, number) =>
      `  { id = "dai-bieu-${number + 8}", name = "${name}", title = "Đại biểu", roles = ["delegate"], group = "to-${(number % 6) + 3}", site = "${plain(seats[number % 8])}" },`,
  );
  return COUNCIL.replace('\n]\nendpoints', `\n${sites.map(([site]) => site).join('\n')}\n]\nendpoints`)
    .replace('\n]\nagenda', `\n${sites.map(([, endpoint]) => endpoint).join('\n')}\n]\nagenda`)
    .replace(' }]\nsites', ` }${groups.join('')}]\nsites`)
    .replace('  { id = "be-mac"', `${agenda}\n  { id = "be-mac"`)
    .replace('  { id = "thu-ky"', `${people.join('\n')}\n  { id = "thu-ky"`)
    .replace('title = "Bác sĩ", roles = ["delegate"]', 'title = "Bác sĩ", roles = ["delegate", "site_lead"]')
    .replace('total = 7', 'total = 35');
}
