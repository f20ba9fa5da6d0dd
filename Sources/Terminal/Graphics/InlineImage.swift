internal import Drawing

/// iTerm2's inline images: a PNG file that the terminal scales to cells, from the cursor on.
enum InlineImage {
  static func sequence(_ picture: PixelPicture) -> [UInt8] {
    let (data, size) = PictureFile.base64(picture.image)
    let keys =
      "inline=1;width=\(picture.cells.columns);height=\(picture.cells.rows);preserveAspectRatio=0;size=\(size)"
      + ";doNotMoveCursor=1"
    return Array("\u{1b}]1337;File=\(keys):".utf8) + data + [0x07]
  }
}
