import '@mantine/core/styles.css';
import './fonts.css';
import './app.css';
import './shell.css';
