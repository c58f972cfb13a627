using Mayu.Primitives;
using Mayu.Server.Live;
using Mayu.Server.Preflight;

namespace Mayu.Server.Api.Doctor;

/// <summary>The images of the discovery system and of all profiles.</summary>
internal sealed class ImageCheck(LiveConfiguration live, Func<MachineNeeds> needs) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "images";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        var settings = live.Current.Settings;
        foreach (var (key, problem) in needs().OfImages())
        {
            findings.Error($"{key}: {problem}", $"Install the image below {settings.ImagesDirectory} (docs/getting-started.md), or correct {key}.");
        }

        return Task.FromResult($"the images of the discovery system and of {Counted.Of(settings.Cluster.Profiles.Length, "profile")} are there");
    }
}
