# The secretary's desk (PRODUCT 3.10)
secretary-page = Bàn thư ký
secretary-kept = Phiên họp vẫn tiếp tục. Việc ghi nhận sẽ được gửi khi có mạng.
secretary-inactive = Đã chuyển sang thiết bị khác. Màn hình này chỉ để xem.
secretary-tabs = Các phần việc
secretary-tab-queue = Đăng ký
secretary-tab-floor = Đang nói
secretary-tab-turns = Diễn biến
secretary-tab-snapshots = Đã chốt
secretary-presiding = Điều hành: { $person }.
secretary-coordinates = Thư ký đang điều phối danh sách.

roll-title = Điểm danh
roll-never = Chưa điểm danh lần nào
roll-last = Lần { $number } chốt lúc { $time }: có mặt { $present }/{ $total }
roll-left = còn { $left } người, { $unanswered } chưa trả lời
roll-start = Bắt đầu điểm danh
roll-call = Gọi tên
roll-second = Gọi tên lượt 2
roll-second-started = Đã bắt đầu gọi tên lượt 2
roll-freeze = Chốt
roll-frozen = Đã chốt điểm danh lần { $number }: { $present }/{ $total }
roll-cancel = Hủy phiên điểm danh
roll-cancel-title = Hủy phiên điểm danh này?
roll-cancel-text = Trạng thái đã ghi nhận được giữ nguyên, nhưng không có lần chốt.
roll-cancelled = Đã hủy phiên điểm danh
freeze-title = Chốt điểm danh lần { $number }?
freeze-text = Có mặt { $present }/{ $total }. Chưa có mặt { $absent }, trong đó chưa điểm danh { $unknown }. Số liệu này được in vào biên bản.

calling-title = Gọi tên
calling-text = Tên hiện trên mọi màn hình. Cách = có mặt, N = chưa trả lời, L = để sau.
calling-whom = Gọi ai
calling-missing = Người chưa điểm danh
calling-everybody = Tất cả đại biểu
calling-order = Thứ tự
calling-by-site = Theo điểm cầu
calling-by-group = Theo tổ
calling-by-roster = Theo danh sách
calling-start = Bắt đầu gọi tên
calling-started = Đã bắt đầu gọi tên

call-invite = Xin mời đại biểu
att-call = Xin mời đại biểu { $name }, { $to }, { $site }
call-present = Có mặt
call-was-present = { $person } có mặt
call-no-answer = Chưa trả lời
call-was-silent = { $person } chưa trả lời
call-later = Để sau
call-was-later = { $person } để sau
call-next = Tiếp theo:
call-done = Đã gọi hết lượt này
call-done-text = Bấm “Chốt” để lập danh sách.
call-done-unanswered = Còn { $count } người chưa trả lời. Gọi lượt 2, hoặc chốt.

grid-title = Bảng điểm danh
grid-hall = tại hội trường
grid-sites = tại điểm cầu
grid-online = trực tuyến
grid-disconnected = mất kết nối
grid-excused = có lý do
grid-absent = không lý do
grid-unknown = chưa điểm danh
grid-by-site = Điểm cầu
grid-by-group = Tổ
grid-only-missing = Chỉ người chưa có mặt
grid-no-group = Không thuộc tổ
grid-all-present = Tất cả đại biểu đều có mặt.

mark-present = Ghi { $person } có mặt
mark-more = Trạng thái khác của { $person }
mark-done = { $person }: { $state }
mark-undo-reason = Sửa nhầm lẫn vừa ghi
mark-with-reason = { $state }…
mark-title = { $person }: { $state }
mark-excused-text = Vắng có lý do cần chủ tọa đồng ý; đề nghị sẽ được gửi đến bàn chủ tọa.
mark-absent-text = Các đăng ký phát biểu của đại biểu sẽ vô hiệu, có thể khôi phục.
mark-save = Ghi nhận
mark-mistake = Ghi nhầm

seat-change = Đổi điểm cầu
seat-title = Đổi điểm cầu của { $person }
seat-text = Số đại biểu có mặt không đổi; số của từng điểm cầu thay đổi. Biên bản ghi cả hai.
seat-site = Điểm cầu mới
seat-now = hiện tại
seat-choose = Chọn điểm cầu khác.
seat-changed = Đã đổi điểm cầu của { $person }

pin-unlock = Mở khóa mã PIN
pin-title = Mã PIN của { $person }
pin-text = Đại biểu quên mã hoặc nhập sai năm lần: mở khóa để ghép lại máy tính bảng. Chỉ đọc mã cho chính đại biểu.
pin-tell = Đã mở khóa. Chỉ đọc mã cho chính đại biểu.
pin-failed = Chưa mở khóa được. Kiểm tra kết nối rồi thử lại.

proposal-present = báo có mặt { $present }/{ $seated }
proposal-missing = vắng { $names }
proposal-accept = Xác nhận
proposal-accepted = Đã xác nhận điểm cầu { $site }
proposal-refuse = Không nhận
proposal-refused = Không nhận báo cáo của điểm cầu { $site }

turns-title = Diễn biến phát biểu
turns-none = Chưa có lượt phát biểu
turns-none-text = Mỗi lượt được ghi tự động: giờ bắt đầu, giờ kết thúc, thời lượng.
turns-now = đang nói
turns-out-of-order = Ngoài thứ tự: { $reason }

snapshots-title = Các lần chốt điểm danh
snapshots-none-text = Mỗi lần chốt được đánh số và in vào biên bản.
snapshot-at = Chốt lúc { $time }
snapshot-not-met = chưa đủ
snapshot-missing = { $count } đại biểu không có mặt

total-change = Tổng số đại biểu: { $total }
total-title = Thay đổi tổng số đại biểu
total-text = Căn cứ tính số đại biểu có mặt và mọi tỷ lệ. Thay đổi được ghi vào biên bản.
total-label = Tổng số đại biểu
total-reason = Lý do, số văn bản
total-save = Ghi nhận
total-saved = Tổng số đại biểu là { $total }
total-choose = Nhập con số mới.

note-marks = Đánh dấu lượt phát biểu
note-mark-commitment = Cam kết
note-mark-direction = Chỉ đạo
note-mark-petition = Kiến nghị
note-summary = Tóm tắt ý kiến
note-placeholder = Tóm tắt ý kiến; tự lưu khi gõ
note-kept = Đã ghi nhận { $time }, { $person }
note-failed = CHƯA GHI NHẬN. Bấm ra ngoài ô để gửi lại.
