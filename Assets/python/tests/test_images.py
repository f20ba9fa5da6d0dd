"""What becomes of images before the program reads them."""
import unittest

import numpy as np

from boundaryscope import _images as images

MEAN, STD = (.4, .5, .6), (.2, .25, .3)


class Pixels(unittest.TestCase):
    def setUp(self):
        self.x = np.random.default_rng(1).random((5, 3, 4, 6), np.float32)

    def test_pixels_and_bytes_stay(self):
        self.assertIs(images.pixels(self.x, None, None), self.x)
        data = (self.x * 255).astype(np.uint8)
        self.assertIs(images.pixels(data, MEAN, STD), data)
        np.testing.assert_array_equal(images.pixels(data.astype(np.float64), None, None), data)

    def test_normalised_images_are_turned_back(self):
        given = (self.x - images.column(MEAN)) / images.column(STD)
        np.testing.assert_allclose(images.pixels(given, MEAN, STD), self.x, atol=1e-6)

    def test_what_is_no_pixel_is_refused(self):
        for bad, words in ((self.x * 3, "reach from"), (self.x * np.nan, "NaN")):
            with self.assertRaisesRegex(ValueError, words):
                images.pixels(bad, None, None)
        # Normalised with other numbers than those given.
        with self.assertRaisesRegex(ValueError, "normalised with"):
            images.pixels((self.x - .5) / .05, MEAN, STD)

    def test_layouts(self):
        last = self.x.transpose(0, 2, 3, 1)
        np.testing.assert_array_equal(images.planes_first(last), self.x)
        np.testing.assert_array_equal(images.planes_first(self.x), self.x)
        np.testing.assert_array_equal(images.planes_first(self.x[0]), self.x[:1])
        np.testing.assert_array_equal(images.planes_first(last[0]), self.x[:1])
        self.assertEqual(images.planes_first(self.x[:, 0]).shape, (5, 1, 4, 6))
        with self.assertRaisesRegex(ValueError, "N×C×H×W"):
            images.planes_first(self.x[0, 0])


class Sets(unittest.TestCase):
    def test_data_sets_and_loaders(self):
        items = [(np.full((3, 2, 2), i / 10, np.float32), i) for i in range(6)]
        x, y = images.collected(items, 4)
        self.assertEqual((x.shape, list(y)), ((4, 3, 2, 2), [0, 1, 2, 3]))
        loader = iter([(np.stack([a for a, _ in items[k:k + 2]]), np.array([b for _, b in items[k:k + 2]])) for k in (0, 2, 4)])
        x, y = images.collected(loader, 5)
        self.assertEqual((x.shape, list(y)), ((5, 3, 2, 2), [0, 1, 2, 3, 4]))
        x, y = images.collected([item[0] for item in items], 9)
        self.assertEqual((len(x), y), (6, None))

    def test_labels_and_images_belong_together(self):
        x = np.zeros((4, 1, 2, 2), np.float32)
        with self.assertRaisesRegex(ValueError, "3 labels for 4 images"):
            images.as_pixels(x, [0, 1, 2], None, None, 10)
        with self.assertRaisesRegex(ValueError, "in memory"):
            images.written("cifar10", [0], None, None, 10, None)


if __name__ == "__main__":
    unittest.main()
