namespace Mayu.Lab.Server;

/// <summary>What the rack's server cannot be started without.</summary>
internal static class LabServerNeeds
{
    private const string ImageRemedy = "run lab/setup images, or check --images";

    /// <exception cref="LabException">One is missing; the message names it and the remedy.</exception>
    public static void Check(LabServerOptions options)
    {
        Need(options.Mayu, "the program mayu", Build("--mayu"));
        Need(options.Mayuctl, "the program mayuctl", Build("--mayuctl"));
        if (options.InfoPusher is { } infoPusher)
        {
            Need(infoPusher, "the program infopusher", Build("--infopusher"));
        }

        Need(Path.Combine(options.Images, "discovery", "vmlinuz"), "the discovery image", ImageRemedy);
        Need(Path.Combine(options.Images, LabServerConfig.DefaultImage, "image.json"), $"the image {LabServerConfig.DefaultImage}", ImageRemedy);
    }

    private static string Build(string option) => $"run lab/setup native, or check {option}";

    private static void Need(string path, string what, string remedy)
    {
        if (!File.Exists(path))
        {
            throw new LabException($"{what} is missing at {path}: {remedy}");
        }
    }
}
