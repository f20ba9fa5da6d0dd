public import ArgumentParser
public import Drawing
public import Experiments
package import Figures
public import Geometry
public import Images
public import Networks
public import ONNX
package import Pages

extension CurvatureRecipe: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension UniversalFooling.Method: ExpressibleByArgument {}
extension PointSpectrum.Method: ExpressibleByArgument {}
extension Refinement: ExpressibleByArgument {}
extension Dots: ExpressibleByArgument {}
extension SheetStyle.Name: ExpressibleByArgument {}
extension FigureFile.Format: ExpressibleByArgument {}
extension UniversalFooling.Norm: ExpressibleByArgument {}
extension GradientUniversal.Loss: ExpressibleByArgument {}
extension LocalLinearity.Ball: ExpressibleByArgument {}
extension LocalLinearity.Loss: ExpressibleByArgument {}
extension Augmentation: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
extension PaperFigure: ExpressibleByArgument {}
extension Turning: ExpressibleByArgument {}
extension Profile.Scale: ExpressibleByArgument {}
extension Profile.Channels: ExpressibleByArgument {}
extension Profile.Layout: ExpressibleByArgument {}
extension Preprocessing.Interpolation: ExpressibleByArgument {}
