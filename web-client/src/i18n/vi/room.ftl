# A room of a bridge point: check of the devices and the big screen (PRODUCT 3.8, 3.12).
room-page-title = { $site } – Điểm Cầu
room-heading = Màn hình điểm cầu

# Check before joining
check-room-unknown = Phòng họp
check-opening = Đang mở thiết bị…
check-device = Thiết bị { $number }
check-camera = Hình
check-no-picture = Chưa có hình
check-camera-good = Máy quay hoạt động ({ $size })
check-camera-hint = Để máy quay thấy đủ các đại biểu, có đèn phía trước, biển tên đọc được.
check-camera-insecure = Trang chưa được mở an toàn nên không dùng được máy quay. Mở trang “Tin cậy” để cài chứng chỉ.
check-camera-denied = Trình duyệt chưa cho phép dùng máy quay. Bấm biểu tượng máy quay trên thanh địa chỉ rồi chọn “Cho phép”.
check-camera-none = Không thấy máy quay. Cắm lại dây, màn hình này sẽ tự nhận.
check-camera-busy = Máy quay đang được chương trình khác dùng. Đóng chương trình đó rồi chọn lại.
check-camera-failed = Không mở được máy quay. Rút ra cắm lại hoặc chọn máy quay khác.
check-choose-camera = Chọn máy quay
check-quality = Chất lượng hình gửi đi
check-quality-high = Hình rõ (720p)
check-quality-low = Đường truyền yếu (360p)
check-microphone = Micrô
check-microphone-insecure = Trang chưa được mở an toàn nên không dùng được micrô. Mở trang “Tin cậy” để cài chứng chỉ.
check-microphone-denied = Trình duyệt chưa cho phép dùng micrô. Bấm biểu tượng micrô trên thanh địa chỉ rồi chọn “Cho phép”.
check-microphone-none = Không thấy micrô. Cắm lại dây, màn hình này sẽ tự nhận.
check-microphone-busy = Micrô đang được chương trình khác dùng. Đóng chương trình đó rồi chọn lại.
check-microphone-failed = Không mở được micrô. Rút ra cắm lại hoặc chọn micrô khác.
check-choose-microphone = Chọn micrô
check-voice-silent = Chưa nghe thấy gì. Hãy nói vài câu.
check-voice-faint = Nghe nhỏ. Nói gần micrô hơn hoặc tăng âm lượng micrô.
check-voice-good = Nghe rõ
check-voice-loud = Quá to, dễ bị rè. Giảm âm lượng micrô.
check-music = Chế độ âm nhạc
check-music-hint = Tắt khử vọng và lọc ồn; dùng cho văn nghệ, chào cờ hoặc khi phòng có bàn trộn âm.
check-speaker = Loa
check-choose-speaker = Chọn loa
check-tone = Nghe thử loa
check-tone-wait = Bấm để nghe một hồi chuông ngắn.
check-tone-played = Đã phát. Không nghe thấy thì kiểm tra dây loa và âm lượng.
check-network = Đường truyền
check-network-good = Đã nối với máy chủ của hội nghị
check-network-lost = Chưa nối được với máy chủ. Kiểm tra dây mạng, đang tự thử lại.
check-consent = Đồng ý để chủ tọa mở/tắt micrô của phòng này từ xa
check-consent-hint = Micrô chỉ được phát khi đại biểu của điểm cầu được mời phát biểu; khi đó màn hình có khung đỏ.
check-consent-missing = Chưa đồng ý thì phòng chỉ xem và nghe, đại biểu không phát biểu được.
check-join = Vào phòng họp

level-label = Mức âm của micrô
level-value = { $level } đề-xi-ben

# The big screen
cue-live = ĐANG PHÁT TỚI TOÀN HỘI NGHỊ
cue-deck = CHUẨN BỊ
cue-deck-person = CHUẨN BỊ: { $person }
cue-closed = Micrô đang tắt
cue-no-microphone = Không có micrô
cue-no-consent = Micrô khóa tại phòng
stage-own = phòng này
stage-picture-coming = { $site }: chưa có hình
stage-picture-paused = { $site }: đường truyền yếu, tạm dừng hình để giữ tiếng
stage-picture-paused-small = { $site }: tạm dừng hình
stage-sound-only = { $site }: chỉ âm thanh
stage-room-lost = { $site } mất kết nối
sound-blocked = Chạm vào màn hình hoặc bấm một phím bất kỳ để bật tiếng

wall-upright = Xin đặt máy nằm ngang để xem màn hình điểm cầu. Hình và tiếng vẫn hoạt động.
wall-strip = Nội dung, đồng hồ và người phát biểu tiếp theo
wall-left = Còn lại
wall-over = Quá giờ
wall-spoken = Đã phát biểu
wall-paused = Tạm dừng
wall-by-phone = Qua điện thoại
wall-invited = Mời phát biểu
wall-next = Tiếp theo
wall-next-none = Chưa có đăng ký
wall-on-deck = chuẩn bị
wall-list-open = Đang mở đăng ký
wall-list-closing = Đóng đăng ký sau { $left }
wall-pairing = Mã ghép máy:
wall-quorum = Có mặt { $present }/{ $total } đại biểu
wall-sites = { $ready }/{ $all } điểm cầu đã kết nối
wall-phase-preparing = Đang chuẩn bị
wall-phase-technical-check = Đang kiểm tra kỹ thuật
wall-phase-lobby = Phiên họp sắp bắt đầu
wall-phase-open = Phiên họp đang tiến hành
wall-phase-suspended = Tạm nghỉ
wall-phase-closed = Đã bế mạc
wall-pause-point-of-order = Tạm dừng: có ý kiến về điều hành
wall-pause-line-lost = Tạm dừng: điểm cầu mất kết nối
wall-pause-suspended = Tạm dừng: hội nghị tạm nghỉ
wall-pause-technical = Tạm dừng: sự cố kỹ thuật
wall-pause-restart = Tạm dừng: máy chủ vừa khởi động lại

wall-hold-until = Điểm cầu { $site } mất kết nối. Giữ quyền phát biểu { $left }
wall-hold-over = Điểm cầu { $site } mất kết nối. Hết thời gian giữ, chờ chủ tọa
wall-hold-ready = Điểm cầu { $site } đã kết nối lại. Chờ chủ tọa cho tiếp tục

wall-roll-title = Điểm danh
wall-roll-left = Còn phải gọi
wall-roll-electronic = Điểm danh: bấm “Có mặt” trên máy của đại biểu
wall-roll-electronic-left = Còn { $left }
wall-call-invite = Xin mời đại biểu
wall-call-here = Đại biểu ở điểm cầu này

wall-break-title = Hội nghị tạm nghỉ
wall-break-resume = Tiếp tục lúc { $time }
wall-break-over = Mời đại biểu trở lại phòng họp
wall-break-open = Mời đại biểu chờ thông báo của chủ tọa
wall-closed-title = Phiên họp đã bế mạc
wall-closed-text = Trân trọng cảm ơn các đại biểu.

standing-camera-good = Máy quay
standing-camera-none = Chưa có máy quay
standing-microphone-good = Micrô
standing-microphone-none = Chưa có micrô
pairing-title = Ghép máy cá nhân
pairing-qr = Mã QR để ghép máy cá nhân với điểm cầu này
pairing-hint = Quét mã, hoặc nhập 6 số

lost-title = Điểm cầu đang mất kết nối – đang thử lại
lost-for = Đã mất kết nối { $duration }
lost-phone = Gọi { $site }: { $phone }
lost-word = Mất kết nối điều khiển { $duration }. Hình và tiếng vẫn hoạt động.

key-fullscreen = Toàn màn hình
key-sound-only = Chỉ âm thanh, hoặc có hình trở lại
key-music = Bật, tắt chế độ âm nhạc
key-help = Mở bảng này
panel-open = Thiết bị và phím tắt
panel-sound-only = Chỉ âm thanh
panel-sound-only-hint = Không gửi và không nhận hình, dành đường truyền cho tiếng nói. Bỏ dấu để có hình trở lại.
panel-title = Thiết bị của phòng
panel-preferences = Ngôn ngữ và giao diện
