using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Images;

namespace Mayu.Server.BootHttp;

/// <summary>
/// <c>GET /install-plan/&lt;serial&gt;</c>: what the first-stage script needs to know once the machine's profile is decided, as
/// lines <c>name=value</c>. The values need no quoting and are read, never evaluated.
/// </summary>
internal static class InstallPlanEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot) =>
        routes.MapGet("/install-plan/{serial}", context => AnswerAsync(context, boot));

    /// <summary>Why there is no plan and no disk image.</summary>
    internal static string NotInstalling(BootContext boot, Serial serial) =>
        boot.Store.Current.Find(serial) is { Enabled: false } ? $"Machine {serial} is switched off." : $"Machine {serial} is not installing.";

    private static async Task AnswerAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        if (boot.Store.Current.Find(serial) is not { State: MachineState.Installing, Enabled: true, Image: { } image } machine)
        {
            await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "Nothing to install", NotInstalling(boot, serial));
            return;
        }

        var profile = boot.Configuration.Cluster.FindProfile(machine.Profile);
        if (profile is { Mode: Core.Profiles.ProfileMode.Live })
        {
            await context.Response.WriteAsync($"serial={serial}\nmode=live\n", context.RequestAborted);
            return;
        }

        try
        {
            var install = boot.Images.InstallImage(image);
            await context.Response.WriteAsync(
                $"serial={serial}\nmode=install\n"
                + $"machine_id={machine.MachineId}\n"
                + $"config_file={(profile?.Provisioning == Core.Profiles.ProvisioningKind.CloudConfig ? "config.yaml" : "config.ign")}\n"
                + $"image_url={boot.BootUrlFor(context)}/images/{Uri.EscapeDataString(serial.Text)}/{ImageStore.DiskImage}\n"
                + $"image_sha256={install.Sha256}\n"
                + $"image_size={install.SizeBytes}\n"
                + $"install_disk={profile?.InstallDisk}\n"
                + $"keep_disk_data={(machine.KeepDiskData ? "true" : "false")}\n",
                context.RequestAborted);
        }
        catch (ImageMissingException e)
        {
            boot.Failed(serial, "image", e.Message);
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "No such image", e.Message);
        }
    }
}
