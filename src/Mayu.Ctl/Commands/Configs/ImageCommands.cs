using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Spectre.Console;

namespace Mayu.Ctl.Commands.Configs;

/// <summary><c>mayuctl image</c>: the systems that machines install or boot.</summary>
internal sealed class ImageCommands(CtlSession session)
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl image list
            mayuctl image show lab-os
            """;
        var image = new ImageCommands(session);
        return new CtlCommand("image", "Show the images and what they lack", Examples, "Show the images in the server's folder, what uses them, and what is missing.") { image.List(), image.Show() };
    }

    private CtlCommand List()
    {
        const string Examples = """
            mayuctl image list
            mayuctl image list -o json | jq -r '.[] | select(.isComplete | not).name'
            """;
        const string Details = "List the images: those in the server's folder of images, and those that are in use and missing there.";
        var command = new CtlCommand("list", "List the images", Examples, Details, CtlCommand.OfNames);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Configuration.ListImagesAsync(cancellation),
            images => session.Show(
                parsed, images, ApiJsonContext.Default.Image, () => TablePrinter.Print(
                    session.TableOf(parsed),
                    ["name", "version", "arch", "size", "machines", new("used by") { Wraps = true }, new("problem") { IsBelow = true }],
                    [.. images.Select(Row)]), image => image.Name),
            cancellation));
        return command;
    }

    private CtlCommand Show()
    {
        var name = new Argument<string>("name") { Description = "The image's name" };
        const string Examples = """
            mayuctl image show lab-os
            mayuctl image show lab-os -o yaml
            """;
        var command = new CtlCommand("show", "Show one image", Examples, "Show an image: its files, what uses it, and what is missing.", CtlCommand.OfOne) { name };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Configuration.GetImageAsync(parsed.GetRequiredValue(name), cancellation),
            image => session.Show(parsed, image, ApiJsonContext.Default.Image, () => Print(image), it => it.Name),
            cancellation));
        return command;
    }

    private static Cell[] Row(Image image) =>
    [
        new(image.Name),
        new(image.Version),
        new(image.Architecture),
        new(SizeText.Format(image.Files.Sum(file => file.SizeBytes))),
        new(image.Machines.ToString()),
        new(UsedBy(image)),
        new(string.Join("; ", image.Problems), StateColors.Problem),
    ];

    private static string UsedBy(Image image) => string.Join(", ", image.IsDiscovery ? image.Profiles.Prepend("discovery") : image.Profiles);

    private void Print(Image image)
    {
        List<(string Name, string? Value, Color? Color)> rows =
        [
            ("name", image.Name, null),
            ("version", image.Version, null),
            ("arch", image.Architecture, null),
            ("disk size", image.DiskSizeBytes is { } size ? SizeText.Format(size) : null, null),
            ("used by", UsedBy(image), null),
            ("machines", image.Machines.ToString(), null),
            .. image.Files.Select(file => (file.Kind, (string?)$"{file.Name}, {SizeText.Format(file.SizeBytes)}", (Color?)null)),
            .. image.Problems.Select(problem => ("problem", (string?)problem, (Color?)StateColors.Problem)),
        ];
        TablePrinter.Print(
            session.Console,
            ["", new("") { Wraps = true }],
            [.. rows.Where(row => row.Value is { Length: > 0 }).Select(row => new[] { new Cell(row.Name, Color.Grey), new Cell(row.Value, row.Color) })],
            hasHeaders: false);
    }
}
