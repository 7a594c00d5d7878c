# The agenda: late or early, ceremonies.

pace-late = Chậm { $minutes } phút
pace-early = Sớm { $minutes } phút
pace-on-time = Đúng giờ
agenda-from = dự kiến { $time }
ceremony-hash = Mã văn bản { $hash }…
ceremony-show = Hiện tên { $names }
ceremony-show-short = Hiện tên
ceremony-shown = Đã hiện tên trên màn hình
ceremony-hide = Ẩn tên
ceremony-hidden = Đã ẩn tên
