# Words of the parts that several screens are built from: states, the list, the floor, the agenda, dialogs.
person-unknown = Không rõ tên
site-unknown = Không rõ điểm cầu
site-not-yet = chưa kết nối
site-lost = mất kết nối

# Attendance (PRODUCT 3.4.1)
attendance-unknown = Chưa điểm danh
attendance-present = Có mặt
attendance-present-hall = Có mặt – hội trường
attendance-present-site = Có mặt – điểm cầu
attendance-present-online = Có mặt – trực tuyến
attendance-late = Đến muộn
attendance-stepped-out = Tạm vắng
attendance-disconnected = Mất kết nối
attendance-left-early = Về sớm
attendance-excused = Vắng có lý do
attendance-absent = Vắng không lý do

request-state-waiting = Đang chờ
request-state-late = Gửi trước khi đóng
request-state-on-deck = Mời chuẩn bị
request-state-speaking = Đang phát biểu
request-state-deferred = Gác lại
request-state-done = Đã phát biểu
request-state-withdrawn = Đã rút
request-state-refused = Không được chấp nhận
request-state-in-writing = Chuyển gửi văn bản
request-state-void = Vô hiệu
request-state-discarded = Không xem xét

badge-first-time = Lần đầu
badge-site-unheard = Điểm cầu chưa phát biểu
badge-least-time = Ít thời gian nhất

out-of-order-same-subject = Cùng nội dung
out-of-order-balance-sites = Cân đối điểm cầu
out-of-order-not-yet-spoken = Chưa phát biểu
out-of-order-other = Khác

tie-break-round-robin = Các đăng ký cùng lúc xếp luân phiên điểm cầu.
tie-break-random = Các đăng ký cùng lúc xếp ngẫu nhiên.
tie-break-least-time = Các đăng ký cùng lúc: ai phát biểu ít nhất xếp trước.


pause-point-of-order = Tạm dừng để nghe ý kiến về điều hành.
pause-line-lost = Tạm dừng vì điểm cầu mất kết nối.
pause-suspended = Tạm dừng vì phiên họp tạm nghỉ.
pause-technical = Tạm dừng vì sự cố kỹ thuật.
pause-restart = Tạm dừng vì máy chủ vừa khởi động lại. Thời gian còn lại được giữ nguyên.

roll-electronic = Đang điểm danh điện tử
roll-collected = Đã hết giờ điểm danh điện tử
roll-first-round = Gọi tên lượt 1
roll-second-round = Gọi tên lượt 2
roll-number = Điểm danh lần { $number }

method-own = Tự xác nhận
method-called = Gọi tên
method-site-lead = Trưởng điểm cầu
method-secretary = Thư ký
method-system = Hệ thống

# The frame of a page
gate-loading = Đang lấy dữ liệu phiên họp…
gate-replaced = Đã chuyển sang thiết bị khác
gate-closed = Trang này đã ngắt kết nối
top-public = Công khai
top-watching = Kỹ thuật xem hình
top-watching-by = Đang xem hình các điểm cầu: { $people }
top-unrecorded = Không ghi hình
top-sites = { $online }/{ $all } điểm cầu sẵn sàng
top-sites-lost = Chưa kết nối: { $sites }
quorum-met = đủ điều kiện
quorum-short = còn thiếu { $missing }
quorum-needed = Cần ít nhất { $needed }/{ $total } đại biểu có mặt
quorum-heard = Có mặt { $present }/{ $total } đại biểu
link-lost = Mất kết nối
recorded-at = đã ghi nhận { $time }
recorded-waiting = { $count } việc chờ gửi khi có mạng
check-ok = Đạt
check-missing = Chưa đạt

preferences-title = Ngôn ngữ và hiển thị
preferences-text = Cỡ chữ
preferences-text-normal = Thường
preferences-text-large = Chữ lớn

keys-title = Phím tắt
keys-text = Phím chỉ có tác dụng khi không gõ chữ và không mở hộp thoại.
keys-space = Cách
keys-tab = Đi đến nút tiếp theo, bấm nút
keys-escape = Đóng hộp thoại

notes-title = Thông báo
note-not-done = Chưa thực hiện:
note-undo = Hoàn tác
note-undone = Đã hoàn tác

reason-label = Lý do
reason-missing = Cần ghi lý do.

picker-search = Tìm theo tên, tổ hoặc điểm cầu
picker-none = Không tìm thấy ai. Thử gõ một phần tên, không cần dấu.
picker-found = { $count } người

# The clock of a turn
timer-left = Còn lại
timer-over = Quá giờ
timer-paused = Tạm dừng
timer-invited = Chưa tính giờ
timer-spoken = Đã nói
timer-of = trong { $limit }
timer-no-limit = không giới hạn
timer-extended = (đã thêm { $minutes } phút)
timer-warning-minutes = Còn { $minutes } phút
timer-warning-seconds = Còn { $seconds } giây
timer-warning-over = Đã hết giờ

# The list (PRODUCT 3.3)
queue-title = Danh sách đăng ký phát biểu
queue-waiting = đang chờ
queue-empty = Chưa có đăng ký
queue-empty-open = Đăng ký mới sẽ hiện ở đây.
queue-empty-closed = Danh sách đang đóng. Mở đăng ký để nhận ý kiến.
queue-window = Đang nhận đăng ký cùng lúc, còn
queue-place = Vị trí { $position }
queue-suggested = Đề xuất
queue-on-deck = Đang chuẩn bị
queue-second = Lần hai
queue-late = Gửi trước khi đóng
queue-entered-by = { $person } đăng ký hộ
queue-invite = Mời
queue-invited = Mời { $person } phát biểu
queue-unreachable = Điểm cầu của đại biểu đang mất kết nối. Đăng ký vẫn được giữ chỗ.
queue-invite-by-phone = Mời qua điện thoại { $phone }
queue-more = Việc khác với đăng ký của { $person }
queue-call-on-deck = Mời chuẩn bị
queue-called-on-deck = Đã mời { $person } chuẩn bị
queue-cancel-deck = Thôi mời chuẩn bị
queue-deck-cancelled = { $person } trở lại hàng chờ
queue-up = Lên trên
queue-down = Xuống dưới
queue-moved = Đã chuyển { $person } đến vị trí { $position }
queue-hand = Vị trí { $position }, đổi chỗ { $person }
queue-hand-how = Phím cách để cầm, mũi tên lên xuống để chọn chỗ, phím cách để đặt, Esc để thôi. Alt cùng mũi tên để đổi một chỗ.
queue-hand-taken = Đang cầm đăng ký của { $person }, vị trí { $position } trên { $all }. Dùng mũi tên để chọn chỗ.
queue-hand-at = { $person }: vị trí { $position } trên { $all }
queue-hand-left = { $person } vẫn ở vị trí { $position }
queue-defer = Gác lại
queue-deferred = Đã gác lại đăng ký của { $person }
queue-refuse = Từ chối
queue-refused = Đã từ chối đăng ký của { $person }
queue-withdraw-for = Rút hộ đăng ký
queue-withdrawn = Đã rút đăng ký của { $person }
queue-deferred-title = Gác lại, vô hiệu
queue-restore = Đưa lại vào hàng
queue-restored = { $person } trở lại đúng chỗ cũ
queue-late-title = Gửi trước khi đóng, đến sau khi đóng
queue-late-text = Đăng ký đang trên đường truyền khi danh sách đóng. Chủ tọa quyết định.
queue-late-accept = Nhận
queue-late-accepted = Đã nhận đăng ký của { $person }
queue-late-refuse = Không nhận
queue-late-refused = Không nhận đăng ký của { $person }

list-open = Đang mở
list-closing = Sắp đóng
list-closed = Đang đóng
list-do-open = Mở đăng ký
list-opened = Đã mở đăng ký
list-do-close = Đóng đăng ký
list-closing-now = Sắp đóng đăng ký
list-keep = Giữ mở
list-kept = Đăng ký vẫn mở

invite-title = Mời ngoài thứ tự?
invite-text = Có { $skipped } đăng ký đứng trước. Việc mời ngoài thứ tự được ghi vào nhật ký.
invite-reason = Lý do (không bắt buộc)

refuse-title = Từ chối đăng ký của { $person }?
refuse-text = Đại biểu sẽ đọc được lý do và có thể gửi ý kiến bằng văn bản.
refuse-same = Cùng nội dung đã có ý kiến
refuse-topic = Không thuộc nội dung đang thảo luận
refuse-time = Hết thời gian của nội dung này

anyone-open = Mời ngoài danh sách
anyone-title = Mời ngoài danh sách
anyone-text = Mời người không đăng ký trên thiết bị. Tìm không cần gõ dấu.
anyone-choose = Chọn một người trước.
anyone-invite = Mời { $person }
anyone-kind = Loại phát biểu

proxy-title = Đăng ký hộ
proxy-text = Dành cho đại biểu không có thiết bị. Tên người đăng ký hộ được ghi lại.
proxy-choose = Chọn đại biểu trước.
proxy-subject = Nội dung (không bắt buộc)
proxy-send = Gửi đăng ký
proxy-sent = Đã đăng ký hộ { $person }

fairness-title = Cân đối điểm cầu
fairness-unheard = 0 lượt
fairness-served = { $served } lượt · { $time }
fairness-site = { $site }: { $served } lượt, { $time }, { $waiting } đang chờ
fairness-quiet = đang chờ, chưa phát biểu: { $sites }
fairness-more = và { $count } điểm cầu khác

# The floor
floor-speaking = Đang phát biểu
floor-invited = Được mời phát biểu
floor-paused = Lượt phát biểu đang tạm dừng
floor-nobody = Chưa có ai phát biểu
floor-ended = { $person } vừa kết thúc.
floor-reminded = Đã nhắc { $time }
floor-hold = Điểm cầu { $site } mất kết nối. Giữ quyền phát biểu
floor-hold-over = Điểm cầu { $site } chưa trở lại. Hết thời gian giữ quyền phát biểu: nghe qua điện thoại, mời người tiếp theo hoặc gác lại lượt này.
floor-ready = Điểm cầu { $site } đã trở lại. Bấm “Tiếp tục” để phát biểu tiếp.
floor-by-phone = Qua điện thoại { $phone }
floor-asks-extension = Người phát biểu xin thêm thời gian
floor-next = Người tiếp theo được đề xuất
floor-next-on-deck = Người tiếp theo, đang chuẩn bị
floor-invite = Mời phát biểu
floor-interrupted = Tạm dừng lượt của { $person }
floor-empty-preparing = Phiên họp đang chuẩn bị
floor-empty-text-preparing = Bắt đầu kiểm tra kỹ thuật khi các điểm cầu đã có mặt.
floor-empty-technical-check = Đang kiểm tra kỹ thuật
floor-empty-text-technical-check = Mở phòng chờ khi các điểm cầu đã sẵn sàng.
floor-empty-lobby = Đang ở phòng chờ
floor-empty-text-lobby = Điểm danh, rồi khai mạc phiên họp.
floor-empty-open = Chưa có ai phát biểu
floor-empty-text-open = Mở đăng ký, hoặc mời người ngoài danh sách.
floor-empty-suspended = Phiên họp đang tạm nghỉ
floor-empty-text-suspended = Bấm “Tiếp tục phiên họp” khi hết giờ nghỉ.
floor-empty-closed = Phiên họp đã bế mạc
floor-empty-text-closed = Không thể mở lại phiên đã bế mạc.

turn-start = Bắt đầu tính giờ
turn-pause = Tạm dừng
turn-continue = Tiếp tục
turn-by-phone = Nghe qua điện thoại { $phone }
turn-by-phone-short = Nghe qua điện thoại
turn-goes-by-phone = Lượt phát biểu tiếp tục qua điện thoại
turn-by-camera = Chuyển lại camera
turn-goes-by-camera = Đã chuyển lại camera của điểm cầu
turn-end = Dừng phát biểu
turn-ended = Kết thúc phát biểu
turn-undo-end = Cho nói tiếp
turn-undone = Cho nói tiếp
turn-defer = Gác lại lượt này
turn-remind = Nhắc
turn-was-reminded = Đã nhắc đi vào trọng tâm
turn-extend = Thêm phút
turn-extend-by = Thêm { $minutes } phút
turn-extended = Đã thêm { $minutes } phút

# The agenda
agenda-title = Chương trình
agenda-minutes = { $minutes } phút
agenda-running = { $spent }/{ $minutes } phút
agenda-planned = Tổng thời gian dự kiến { $time }
agenda-open = Mở nội dung
agenda-opened = Đã mở: { $item }
agenda-close = Kết thúc nội dung
agenda-closed = Đã kết thúc: { $item }
close-item-title = Kết thúc “{ $item }”?
close-item-empty = Không còn đăng ký nào chờ phát biểu.
close-item-left = Còn { $left } đăng ký chưa phát biểu. Chọn cách xử lý:
close-item-choose = Chọn cách xử lý các đăng ký còn lại.
leftover-in-writing = Chuyển gửi ý kiến bằng văn bản
leftover-text-in-writing = Đại biểu gửi ý kiến bằng văn bản cho thư ký.
leftover-carry-over = Chuyển sang nội dung sau
leftover-text-carry-over = Giữ nguyên thứ tự cho nội dung tiếp theo.
leftover-discard = Không xem xét
leftover-text-discard = Cần ghi lý do; đại biểu đọc được lý do.

# What needs attention
alerts-title = Cần chú ý
alerts-none = Không có việc cần chú ý
alerts-none-text = Mất kết nối, xin vắng và các việc cần quyết định sẽ hiện ở đây.
alert-waiting = { $count } đăng ký đang chờ.
alert-phone = Điện thoại: { $phone }.
leave-asked = xin vắng lúc { $time }:
leave-approve = Đồng ý
leave-approved = Đã đồng ý cho { $person } vắng
leave-refuse = Không đồng ý
leave-refused = Không đồng ý cho { $person } vắng
leave-waits-for-chair = chờ chủ tọa
correction-asked = lúc { $time } thư ký đề nghị sửa điểm danh thành “{ $attendance }”:
correction-approve = Đồng ý sửa
correction-approved = Đã sửa điểm danh của { $person }
correction-refuse = Không sửa
correction-refused = Giữ nguyên điểm danh của { $person }

chair-offered = Đang chuyển quyền điều hành cho { $person }, chờ xác nhận.
chair-withdraw-offer = Thôi chuyển
chair-offer-withdrawn = Đã thôi chuyển quyền điều hành
chair-accept = Nhận quyền điều hành
chair-accepted = Đã nhận quyền điều hành
chair-claim = Nhận quyền điều hành
chair-claimed = Đã đề nghị nhận quyền điều hành
chair-claim-confirm = Xác nhận
chair-claim-confirmed = Đã xác nhận quyền điều hành
chair-claim-refuse = Không xác nhận
chair-claim-refused = Không xác nhận quyền điều hành

roll-open = Điểm danh
roll-opened = Đã mở điểm danh

# Evidence: what was signed, and is kept by this device (PRODUCT 3.18)
evidence-open = Dấu kiểm nhật ký
evidence-title = Dấu kiểm nhật ký
evidence-text = Hệ thống ký nhật ký mỗi phút và ngay sau mỗi quyết định. Máy này giữ các dấu kiểm làm nhân chứng: không ai cắt bỏ hay sửa lại nhật ký mà không bị phát hiện.
evidence-qr = Mã QR của dấu kiểm cuối cùng
evidence-code = Mã bản ghi cuối đã ký
evidence-signed = Đã ký
evidence-up-to = đến bản ghi { $seq }, lúc { $time }
evidence-kept = Máy này đang giữ
evidence-count = { $count } dấu kiểm
evidence-save = Lưu tệp cho người kiểm tra
evidence-against = Nhật ký không khớp
evidence-against-text = Hệ thống vừa đưa ra một dấu kiểm không khớp với những dấu kiểm máy này đang giữ. Nhật ký có thể đã bị thay bằng bản cũ. Hãy lưu tệp và báo người phụ trách.
