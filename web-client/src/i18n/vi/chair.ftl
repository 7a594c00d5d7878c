# The chair's desk (PRODUCT 3.9)
chair-page = Bàn chủ tọa
chair-kept = Phiên họp vẫn tiếp tục, hình và tiếng không bị ảnh hưởng. Thao tác sẽ được gửi khi có mạng.
chair-hand-over = Chuyển chủ tọa
chair-take-console = Nhận điều hành
chair-console-taken = Điều hành trên thiết bị này

coordination-off = Giao thư ký điều phối
coordination-on = Thư ký đang điều phối
coordination-given = Đã giao thư ký điều phối danh sách
coordination-taken = Chủ tọa tự điều phối danh sách

observer-other-device = Bàn chủ tọa đang mở trên thiết bị khác.
observer-other-device-text = Màn hình này chỉ để xem.
observer-presiding = { $person } đang điều hành.
observer-read-only = Màn hình này chỉ để xem.
observer-away = { $person } đang mất kết nối đã
observer-away-text = Phiên họp giữ nguyên, chưa ai được mời thêm.
observer-claimed = Đã đề nghị nhận quyền điều hành, chờ thư ký xác nhận.

sitting-check = Kiểm tra kỹ thuật
sitting-checking = Đang kiểm tra kỹ thuật
sitting-lobby = Mở phòng chờ
sitting-in-lobby = Đã mở phòng chờ
sitting-open = Khai mạc
sitting-opened = Phiên họp đã khai mạc
sitting-break = Tạm nghỉ
sitting-suspended = Phiên họp tạm nghỉ
sitting-resume = Tiếp tục phiên họp
sitting-resumed = Phiên họp tiếp tục
sitting-close = Bế mạc
sitting-closed = Phiên họp đã bế mạc

opening-title = Khai mạc phiên họp
opening-chair = Chủ tọa điều hành trực tuyến
opening-chair-todo = Mở bàn chủ tọa trên thiết bị của chủ tọa.
opening-secretary = Có thư ký trực tuyến
opening-secretary-todo = Đề nghị thư ký mở bàn thư ký.
opening-unrecorded = Không ghi hình
opening-recording-todo = Chưa ghi hình. Đánh dấu “Không ghi hình” nếu chủ tọa đồng ý.
opening-roll = { $count ->
    [0] Đã điểm danh
   *[other] Đã chốt điểm danh { $count } lần
  }
opening-roll-todo = Đề nghị thư ký điểm danh và chốt trước khi khai mạc.
opening-quorum = Có mặt { $present }/{ $total } đại biểu, cần ít nhất { $needed }
opening-quorum-todo = Chưa đủ. Chờ thêm, hoặc ghi lý do vẫn tiến hành.
opening-sites-note = Có thể khai mạc khi chưa đủ điểm cầu.
opening-missing = Còn { $count } điều kiện chưa đạt.
opening-unrecorded-tick = Tiến hành không ghi hình
opening-override = Lý do tiến hành khi chưa đủ số đại biểu

break-title = Tạm nghỉ
break-text = Mọi điểm cầu sẽ thấy giờ họp tiếp.
break-text-turn = Lượt phát biểu đang diễn ra sẽ tạm dừng và giữ nguyên thời gian còn lại.
break-how-long = Nghỉ bao lâu
break-open = Chưa định
break-until = Nghỉ đến { $time }

closing-title = Bế mạc phiên họp?
closing-text = “{ $sitting }” sẽ kết thúc và không thể mở lại.

hand-over-title = Chuyển quyền điều hành
hand-over-text = Người nhận phải xác nhận trên bàn chủ tọa của mình. Đến khi đó, quyền điều hành chưa thay đổi.
hand-over-choose = Chọn người nhận trước.
hand-over-to = Chuyển cho { $person }
hand-over-offered = Đã đề nghị { $person } nhận quyền điều hành
microphones-open = Mở thêm micrô
microphones-title = Mở thêm micrô
microphones-text = Ngoài điểm cầu của chủ tọa và của người đang phát biểu, chỉ các điểm cầu được mở ở đây mới phát tới hội nghị.
microphones-live = Đang phát
microphones-away = Mất kết nối

keypad-title = Bàn phím chủ tọa
keypad-text = Phím 1 đến 4, cả trên bàn phím số
keypad-nothing = –
