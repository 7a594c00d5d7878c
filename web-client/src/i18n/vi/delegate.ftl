# The delegate's tablet or phone (PRODUCT 3.14)
delegate-page = Đại biểu
delegate-tabs = Các mục
delegate-tab-speak = Phát biểu
delegate-tab-today = Hôm nay
delegate-tab-presence = Điểm danh
delegate-tab-site = Điểm cầu
delegate-net-good = Mạng tốt
delegate-net-lost = Mất mạng
delegate-lost-since = Đang thử kết nối lại, đã
delegate-inactive = Đã chuyển sang thiết bị khác. Màn hình này chỉ để xem; mở lại đường dẫn cá nhân nếu muốn dùng thiết bị này.

# PRODUCT 5.5
queue-position = Bạn đang ở vị trí thứ { $n } trong { $m } đăng ký
queue-ondeck = Mời đại biểu chuẩn bị phát biểu
queue-live = Đại biểu đang phát biểu – micrô của điểm cầu đã mở
queue-kept = Mất kết nối. Thứ tự đăng ký của đại biểu vẫn được giữ.

call-by-name = Xin mời đại biểu { $person }
call-by-name-text = Đang gọi tên điểm danh. Hãy trả lời “Có mặt”.
call-roll-left = còn
call-deck-after = Sau { $person }.
call-deck-next = Đại biểu là người tiếp theo.

presence-check-in = Tôi có mặt
presence-checked-in = Đã điểm danh có mặt
presence-not-yet = Đại biểu chưa điểm danh
presence-title = Điểm danh của tôi
presence-since = Ghi nhận lúc { $time }
presence-disconnected = Mất kết nối không phải là vắng mặt. Bấm “Tôi có mặt” khi có mạng lại.
presence-all = Có mặt toàn hội nghị

register-title = Đăng ký phát biểu
register-other = Đăng ký thêm loại khác
register-speech = Đăng ký phát biểu
register-kind = Đăng ký: { $kind }
register-subject = Nội dung (không bắt buộc)
register-sent = Đã đăng ký: { $kind }
register-later = Không có mạng: đăng ký sẽ gửi khi có mạng.
register-wait = Đăng ký phát biểu bắt đầu khi phiên họp khai mạc.
register-closed-title = Loại chưa mở
register-reason = Lý do: { $reason }.
register-in-writing = Đề nghị gửi ý kiến bằng văn bản cho thư ký.

my-request-late = Đăng ký gửi trước khi đóng danh sách, chờ chủ tọa quyết định.
my-request-speaking = Đại biểu đang có quyền phát biểu.
my-request-deferred = Chủ tọa gác lại, đăng ký vẫn giữ thứ tự cũ.
my-request-void = Thư ký ghi nhận đại biểu vắng. Có thể gửi ý kiến bằng văn bản.
my-request-waiting = Đăng ký đang chờ.
my-request-on-deck = Chuẩn bị phát biểu.
my-change = Đổi loại
my-change-title = Đổi loại đăng ký
my-change-text = Giữ nguyên thứ tự nếu loại mới không được ưu tiên hơn.
my-changed = Đã đổi sang: { $kind }
my-withdraw = Hủy đăng ký
my-withdraw-title = Hủy đăng ký phát biểu?
my-withdraw-text = Vị trí trong danh sách sẽ không được giữ.
my-withdrawn = Đã hủy đăng ký

reminder = Chủ tọa đề nghị đi vào trọng tâm
speaking-ask = Xin thêm thời gian
speaking-asked = Đã xin thêm thời gian
speaking-done = Tôi đã phát biểu xong
speaking-finished = Đã kết thúc phát biểu

list-as-of = Danh sách lúc { $time }, có thể đã thay đổi
now-resume = Tiếp tục lúc { $time }
today-now = Đang diễn ra
today-next = Tiếp theo
today-done = Đã xong

leave-absent = Xin vắng
leave-early = Xin về sớm
leave-text = Chủ tọa sẽ quyết định. Các đăng ký phát biểu vẫn được giữ đến khi thư ký ghi nhận.
leave-send = Gửi
leave-sent = Đã gửi đề nghị, chờ chủ tọa
leave-work = Đi công tác
leave-health = Lý do sức khỏe
leave-family = Việc gia đình

site-title = { $site }
site-text = Đánh dấu đại biểu đang có mặt tại điểm cầu. Thư ký xác nhận mới được tính.
site-propose = Gửi thư ký: có mặt { $present }/{ $seated }
site-proposed = Đã gửi thư ký xác nhận
site-register = Đăng ký hộ đại biểu
