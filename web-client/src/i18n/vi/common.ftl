# Words that several screens share.
app-name = Điểm Cầu

# State of the sitting (PRODUCT 3.0)
phase-preparing = Chuẩn bị
phase-technical-check = Kiểm tra kỹ thuật
phase-lobby = Phòng chờ
phase-open = Đang họp
phase-suspended = Tạm nghỉ
phase-closed = Bế mạc

role-chair = Chủ tọa
role-secretary = Thư ký
role-central-technician = Kỹ thuật trung tâm
role-site-technician = Kỹ thuật điểm cầu
role-site-lead = Trưởng điểm cầu
role-delegate = Đại biểu HĐND
role-guest = Khách mời
role-questioned = Người trả lời chất vấn

kind-point-of-order = Ý kiến về điều hành
kind-answer = Trả lời, giải trình
kind-rebuttal = Tranh luận
kind-question = Chất vấn
kind-speech = Phát biểu, thảo luận
kind-continuation = Xin nói thêm
kind-paper = Tham luận
kind-report = Báo cáo, trình bày
kind-directive = Phát biểu chỉ đạo
kind-conclusion = Kết luận

# State of a room's line (PRODUCT 3.11)
link-offline = Ngoại tuyến
link-connecting = Đang nối
link-good = Tốt
link-degraded = Suy giảm
link-sound-only = Chỉ âm thanh
link-no-picture = Mất hình
link-no-sound = Mất tiếng

alert-site-lost = Điểm cầu { $site } mất kết nối
alert-site-back = Điểm cầu { $site } đã kết nối lại
alert-quorum-lost = Không còn đủ số đại biểu có mặt
alert-quorum-thin = Số đại biểu có mặt chỉ vừa đủ
alert-hold-over = Hết thời gian giữ quyền phát biểu
alert-chair-away = Chủ tọa điều hành mất kết nối
alert-chair-claimed = { $person } xin nhận quyền điều hành
alert-late-request = Có đăng ký gửi trước khi đóng danh sách
alert-silenced = { $person } đã tắt tiếng tất cả trừ chủ tọa
alert-stage-arranged = { $person } đang chọn hình trên màn hình chung
silence-lift = Mở lại tiếng
silence-lifted = Đã mở lại tiếng
stage-release = Theo điều hành
stage-released = Màn hình chung đã theo điều hành
alert-restarted = Máy chủ vừa khởi động lại, lượt phát biểu đang tạm dừng

# The connection to the hub, in plain words
net-connecting = Đang kết nối…
net-lost = Mất kết nối – đang thử lại
net-retry = Thử lại

bye-bad-key = Đường dẫn này không đúng hoặc đã hết hiệu lực. Đề nghị thư ký cấp lại đường dẫn.
bye-bad-ticket = Phiên kết nối đã hết hạn. Đang kết nối lại.
bye-not-your-screen = Đường dẫn này không dành cho màn hình này. Mở đúng đường dẫn được cấp.
bye-malformed = Trang này không khớp với máy chủ. Tải lại trang.
bye-too-fast = Gửi quá nhanh. Đang kết nối lại.
bye-too-slow = Đường truyền chậm. Đang kết nối lại.
bye-replaced = Đã chuyển sang thiết bị khác. Chọn “Dùng thiết bị này” để quay lại đây.
bye-revoked = Đường dẫn này đã bị thu hồi. Đề nghị liên hệ thư ký.
bye-stopping = Máy chủ đang dừng. Đang chờ kết nối lại.
bye-use-this-device = Dùng thiết bị này

pending-sending = Đang gửi…
pending-unavailable = Chưa ghi nhận được, máy chủ đang bận. Thử lại sau ít giây.

action-close = Đóng
action-cancel = Hủy
action-confirm = Xác nhận
action-continue = Tiếp tục
action-copy = Sao chép
action-copied = Đã sao chép
action-print = In

preferences-language = Ngôn ngữ
preferences-theme = Giao diện
preferences-theme-light = Sáng
preferences-theme-dark = Tối
preferences-theme-auto = Theo máy

loading = Đang tải…
page-missing = Không có trang này
page-missing-hint = Kiểm tra lại đường dẫn, hoặc về trang đầu.
page-home = Về trang đầu
page-failed = Chưa tải xong trang
page-failed-hint = Mạng bị gián đoạn khi đang tải. Trang tự tải lại khi kết nối được.
