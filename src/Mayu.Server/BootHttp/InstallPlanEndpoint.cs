using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// <c>GET /install-plan/&lt;serial&gt;</c>: what the first-stage script needs to know once the machine's profile is decided, as
/// lines <c>name=value</c>. The values need no quoting and are read, never evaluated.
/// </summary>
internal sealed class InstallPlanEndpoint(BootContext boot)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/install-plan/{serial}", Answer);

    /// <summary>Why there is no plan and no disk image.</summary>
    internal static Problem NotInstalling(BootContext boot, Serial serial) => new(
        StatusCodes.Status409Conflict,
        "Nothing to install",
        boot.Store.Current.Find(serial) is { Enabled: false } ? $"Machine {serial} is disabled." : $"Machine {serial} is not installing.");

    private Results<TextAnswer, Problem> Answer(SerialSegment asked, HttpPeer peer)
    {
        var serial = asked.Value;
        if (boot.Store.Current.Find(serial) is not { State: MachineState.Installing, Enabled: true, Image: { } image } machine)
        {
            return NotInstalling(boot, serial);
        }

        var profile = boot.Configuration.Cluster.FindProfile(machine.Profile);
        if (profile is { Mode: ProfileMode.Live })
        {
            return new TextAnswer($"serial={serial}\nmode=live\n");
        }

        try
        {
            var install = boot.Images.InstallImage(image);
            return new TextAnswer(
                $"serial={serial}\nmode=install\n"
                + $"machine_id={machine.MachineId}\n"
                + $"config_file={(profile is null ? "config.ign" : ConfigKind.Of(profile).FileName)}\n"
                + $"image_url={boot.BootUrlFor(peer)}/images/{Uri.EscapeDataString(serial.Text)}/{ImageStore.DiskImage}\n"
                + $"image_sha256={install.Sha256}\n"
                + $"image_size={install.SizeBytes}\n"
                + $"install_disk={profile?.InstallDisk}\n"
                + $"keep_disk_data={(machine.KeepDiskData ? "true" : "false")}\n");
        }
        catch (ImageMissingException e)
        {
            boot.Failed(peer, serial, "image", e.Message);
            return new Problem(StatusCodes.Status503ServiceUnavailable, "No such image", e.Message);
        }
    }
}
