namespace Mayu.InfoPusher.CommandLine;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    /// <summary>The program's help: all of it, at 80 columns.</summary>
    public const string Text = """
        infopusher collects the facts of this machine and gets its provisioning config.

        Usage:
          infopusher show
              print the facts as JSON: DMI, interfaces, disks, processors, memory
          infopusher serial --url URL [--timeout S]
              ask Mayu for this machine's serial, and print it
          infopusher push --url URL [options]
              send the facts to Mayu, and print the provisioning config
          infopusher --version | --help

        Options of push:
          --url URL             Mayu's URL: http:// and an IP address (a static program
                                cannot resolve host names)
          --serial SERIAL       the machine's serial; refused if its hardware differs
          --output FILE         write the config to this file (mode 0600, atomically)
                                instead of stdout
          --serial-output FILE  write the serial that the server returns to this file
          --token-file FILE     send the boot token in this file (default: the one in
                                the initrd that Mayu made for this boot, if any)
          --timeout S           seconds per try, 1 to 3600 (default 30)
          --retries N           further tries if the server cannot be reached or fails,
                                0 to 1000 (default 10)

        The server decides the serial (configuration key identity). By default it is the
        DMI product serial; if that is empty or a placeholder, the DMI UUID; else the
        MAC address that the machine booted from.

        Examples:
          infopusher show
          infopusher serial --url http://10.0.0.1:4081/serial
          infopusher push --url http://10.0.0.1:4081/provisioning-config --output x.ign

        Exit codes:
          0    done
          1    the server refused the request, and says why
          2    the command line is wrong
          3    the server could not be reached, or failed at every try
          4    the config, or other output, could not be written
          130  interrupted

        """;
}
